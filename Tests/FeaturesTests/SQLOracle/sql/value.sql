-- Who is still there, given the fitted parameters models(powertrain, r, alpha, a, b), powertrain 4 for unknown ones.
-- A relation older than the data is seen from its first visit in them on, or, without any, from the day they begin.
CREATE OR REPLACE TABLE repeats AS
WITH seen AS (SELECT b.relation, min(v.day) AS first_seen FROM begun b
  JOIN visits v ON v.relation = b.relation AND v.is_qualified AND v.day >= b.starts GROUP BY 1),
data AS (SELECT quantile_disc(first_seen, 0.01) AS begins FROM seen),
origins AS (SELECT b.*, CASE WHEN b.starts < begins THEN coalesce(first_seen, begins) ELSE b.starts END AS origin,
  b.is_current AND NOT (b.starts < begins AND first_seen IS NULL) AS is_fitted
  FROM begun b LEFT JOIN seen USING (relation), data)
SELECT b.relation, b.is_current, b.is_fitted, coalesce(b.powertrain, 4) AS powertrain, count(v.n) AS x,
  coalesce(max(v.day - b.origin), 0)::DOUBLE AS t_x, since(b.origin) AS age
FROM origins b LEFT JOIN visits v ON v.relation = b.relation AND v.is_qualified AND v.day > b.origin
GROUP BY ALL;

-- Expected visits within the coming months of a relation that is alive: equation 10 of the paper over P(alive), the
-- hypergeometric function 2F1(r + x, b + x; a + b + x - 1; t/(alpha + age + t)) summed as its series
-- (a + b + x - 1 may lie between -1 and 0: then its rising factorials are negative).
CREATE OR REPLACE TABLE series AS
SELECT powertrain, x, list(CASE WHEN a + b + x < 1 AND k > 0 THEN -1 ELSE 1 END * exp(lgamma(r + x + k) - lgamma(r + x) + lgamma(b + x + k) - lgamma(b + x)
    - lgamma(a + b + x - 1 + k) + lgamma(a + b + x - 1) - lgamma(k + 1)) ORDER BY k) AS coefficients
FROM (SELECT DISTINCT powertrain, x FROM repeats) JOIN models USING (powertrain), (SELECT unnest(range(0, 600)) AS k)
GROUP BY ALL;

CREATE OR REPLACE TABLE expected AS
WITH cells AS (SELECT DISTINCT powertrain, x, age FROM repeats),
months AS (SELECT unnest(range(1, 37)) AS month)
SELECT powertrain, x, age, month, (a + b + x - 1) / (a - 1) * (1 - pow((alpha + age / 7) / (alpha + age / 7 + t), r + x)
    * list_sum(list_transform(coefficients, lambda c, k: c * pow(t / (alpha + age / 7 + t), k - 1)))) AS visits
FROM (SELECT *, month * 30.436875 / 7 AS t FROM cells JOIN models USING (powertrain) JOIN series USING (powertrain, x), months);

CREATE OR REPLACE TABLE lifetime_value AS
WITH discounted AS (
  SELECT powertrain, x, age, sum(visits_of_month * pow(1.1, -month / 12)) AS visits FROM (
    SELECT *, visits - coalesce(lag(visits) OVER (PARTITION BY powertrain, x, age ORDER BY month), 0) AS visits_of_month FROM expected)
  GROUP BY ALL),
own AS (SELECT r.*, c.margin, c.qualified, c.visits = 0 OR c.known > 0 AS is_known FROM repeats r JOIN counts c USING (relation)),
groups AS (SELECT powertrain, powertrain < 4 AND count(*) FILTER (is_fitted) >= 100 AS speaks,
  sum(margin) FILTER (is_current AND is_known) AS margin, sum(qualified) FILTER (is_current AND is_known) AS visits FROM own GROUP BY 1),
priors AS (SELECT powertrain, CASE WHEN speaks THEN margin / visits ELSE (SELECT sum(margin) / sum(visits) FROM groups) END AS prior FROM groups)
SELECT o.relation, alive, alive * d.visits
  * CASE WHEN is_known THEN (margin + 2 * prior) / (qualified + 2) ELSE prior END / 100 AS value
FROM (SELECT *, CASE WHEN x = 0 THEN 1 ELSE 1 / (1 + a / (b + x - 1) * pow((alpha + age / 7) / (alpha + t_x / 7), r + x)) END AS alive
      FROM own JOIN models USING (powertrain)) o
JOIN discounted d USING (powertrain, x, age) JOIN priors USING (powertrain);
