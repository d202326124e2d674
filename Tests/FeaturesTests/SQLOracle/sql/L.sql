-- peer_lapse
SELECT b.relation, (count(p.relation) FILTER (is_lost) + 20 * (SELECT avg(is_lost::DOUBLE) FROM peers)) / (count(p.relation) + 20) AS value
FROM begun b LEFT JOIN peers p ON p.model IS NOT DISTINCT FROM b.model AND p.band = age_band(since(b.delivered)) GROUP BY 1;
-- store_lapse
SELECT b.relation, CASE WHEN any_value(b.home) IS NULL THEN (SELECT avg(is_lost::DOUBLE) FROM peers)
  ELSE (count(p.relation) FILTER (is_lost) + 20 * (SELECT avg(is_lost::DOUBLE) FROM peers)) / (count(p.relation) + 20) END AS value
FROM begun b LEFT JOIN peers p ON p.home = b.home GROUP BY 1;
-- season_sin
SELECT relation, sin(2 * pi() * month(day) / 12) AS value FROM begun, t0;
-- season_cos
SELECT relation, cos(2 * pi() * month(day) / 12) AS value FROM begun, t0;
-- season_festival_days
SELECT relation, min(-since(f.day)) AS value FROM begun, (SELECT unnest([DATE '2024-02-10', DATE '2025-01-29', DATE '2026-02-17',
  DATE '2027-02-06']) AS day) f WHERE since(f.day) <= 0 GROUP BY 1;
