-- cp_365
SELECT c.relation, coalesce(sum(v.paid), 0) / 100 AS value FROM counts c LEFT JOIN visits365 v USING (relation)
WHERE visits = 0 OR known > 0 GROUP BY 1;
-- cp_730
SELECT relation, amount / 100 AS value FROM counts WHERE visits = 0 OR known > 0;
-- cp_avg_730
SELECT relation, amount / 100 / paid AS value FROM counts WHERE known > 0 AND paid > 0;
-- cp_trend
SELECT c.relation, ln((coalesce(sum(v.paid), 0) / 100 + any_value(m.median))
  / ((any_value(c.amount) - coalesce(sum(v.paid), 0)) / 100 + any_value(m.median))) AS value
FROM counts c JOIN due d USING (relation) LEFT JOIN visits365 v USING (relation)
LEFT JOIN visits l ON l.relation = d.relation AND l.n = d.last_n
JOIN ticket_medians m ON m.dealer IS NOT DISTINCT FROM coalesce(l.dealer, d.home)
WHERE (c.visits = 0 OR c.known > 0) AND m.median > 0 GROUP BY 1;
-- ticket_last
SELECT v.relation, v.paid / 100 AS value FROM visits v JOIN last_visits l ON l.relation = v.relation AND l.qualified_n = v.n WHERE has_payment;
-- bill_shock
SELECT v.relation, CASE WHEN v.paid > 0 AND count(o.paid) >= 2 THEN ln(v.paid / median(o.paid)) ELSE 0 END AS value
FROM visits v JOIN last_visits l ON l.relation = v.relation AND l.qualified_n = v.n
LEFT JOIN visits o ON o.relation = v.relation AND o.is_qualified AND o.paid > 0
WHERE v.has_payment GROUP BY v.relation, v.paid;
-- estimate_overrun
SELECT v.relation, least(greatest((v.paid - v.estimate) / v.estimate, -1), 2) AS value
FROM visits v JOIN last_visits l ON l.relation = v.relation AND l.any_n = v.n WHERE v.estimate > 0 AND v.has_payment;
-- discount_rate_730
SELECT relation, discount / (amount + discount) AS value FROM counts WHERE amount + discount > 0;
-- arrears
SELECT relation, (sum(unpaid) > 0)::DOUBLE AS value FROM visits WHERE unpaid IS NOT NULL GROUP BY relation;
-- pkg_visits_left
SELECT b.relation, CASE WHEN count(p.vin) = count(p.visits) THEN coalesce(sum(greatest(0, p.visits - (SELECT count(*) FROM visits v
    WHERE v.relation = b.relation AND v.package > 0 AND v.day >= p.bought))), 0) END AS value
FROM begun b LEFT JOIN packages p ON p.vin = b.vin AND since(p.bought) >= 0 AND coalesce(since(p.expires) < 0, true)
GROUP BY b.relation;
-- pkg_days_left
SELECT b.relation, coalesce(max(-since(p.expires)), 0) AS value
FROM begun b LEFT JOIN packages p ON p.vin = b.vin AND since(p.bought) >= 0 AND since(p.expires) < 0 GROUP BY b.relation;
-- ticket_vs_peer
WITH paid AS (
  SELECT list_filter(['first_service', 'maintenance', 'repair'], lambda c: list_contains(classes, c)) AS job, r.model, v.dealer, v.paid
  FROM visits365 v JOIN relations r USING (relation) WHERE v.is_qualified AND v.paid > 0)
SELECT v.relation, ln(v.paid / (SELECT CASE
    WHEN count(*) FILTER (p.model IS NOT DISTINCT FROM r.model AND p.dealer IS NOT DISTINCT FROM v.dealer) >= 20
      THEN median(p.paid) FILTER (p.model IS NOT DISTINCT FROM r.model AND p.dealer IS NOT DISTINCT FROM v.dealer)
    WHEN count(*) FILTER (p.model IS NOT DISTINCT FROM r.model) >= 20 THEN median(p.paid) FILTER (p.model IS NOT DISTINCT FROM r.model)
    ELSE median(p.paid) END
  FROM paid p WHERE p.job = list_filter(['first_service', 'maintenance', 'repair'], lambda c: list_contains(v.classes, c)))) AS value
FROM visits v JOIN last_visits l ON l.relation = v.relation AND l.qualified_n = v.n JOIN relations r ON r.relation = v.relation
WHERE v.paid > 0;
