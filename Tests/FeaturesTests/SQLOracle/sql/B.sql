-- n_q_365
SELECT b.relation, count(v.n)::DOUBLE AS value FROM begun b LEFT JOIN visits365 v ON v.relation = b.relation AND is_qualified GROUP BY 1;
-- n_q_730
SELECT relation, qualified::DOUBLE AS value FROM counts;
-- n_q_trend
SELECT b.relation, count(*) FILTER (since(v.day) < 365)::DOUBLE - count(*) FILTER (since(v.day) >= 365 AND since(v.day) < 730) AS value
FROM begun b LEFT JOIN visits v ON v.relation = b.relation AND is_qualified GROUP BY 1;
-- n_paid_365
SELECT b.relation, count(v.n)::DOUBLE AS value FROM begun b LEFT JOIN visits365 v ON v.relation = b.relation AND is_paid GROUP BY 1;
-- n_maint_365
SELECT b.relation, count(v.n)::DOUBLE AS value
FROM begun b LEFT JOIN visits365 v ON v.relation = b.relation AND list_contains(classes, 'maintenance') GROUP BY 1;
-- visits_per_year
SELECT b.relation, count(v.n) / greatest(0.5, any_value(b.age) / 365.25) AS value
FROM begun b LEFT JOIN visits v ON v.relation = b.relation AND is_qualified AND v.last_day >= b.starts GROUP BY 1;
-- ontime_rate
SELECT relation, avg((late BETWEEN -30 AND 45)::DOUBLE) AS value FROM (
  SELECT m.relation, m.latest, CASE WHEN before_day IS NULL THEN (day - starts) - first_interval
    ELSE (day - before_day) - regular END AS late
  FROM maintenance m JOIN due USING (relation) WHERE before_day IS NOT NULL OR began_new)
WHERE latest <= 6 GROUP BY relation;
-- gap_median
SELECT relation, centre AS value FROM rhythm;
-- gap_cv
SELECT relation, spread / centre AS value FROM rhythm WHERE k >= 3 AND centre > 0;
-- gap_last_ratio
SELECT relation, max(gap) FILTER (latest = 1) / median(gap) FILTER (latest > 1) AS value FROM gaps GROUP BY relation
HAVING count(*) >= 2 AND median(gap) FILTER (latest > 1) > 0;
-- skipped_km_cycles
SELECT m.relation, sum(greatest(0, round((m.km - before_km) / d.regular_km) - 1)) AS value
FROM maintenance m JOIN due d USING (relation) WHERE m.km >= before_km GROUP BY 1;
-- wallet_share
SELECT relation, least(1.5, scheduled / (least(730, age) / regular)) AS value FROM counts JOIN due USING (relation) WHERE age >= 90;
-- tenure_days
SELECT b.relation, since(least(b.starts, coalesce(min(v.day), b.starts))) AS value
FROM begun b LEFT JOIN visits v USING (relation) GROUP BY b.relation, b.starts;
