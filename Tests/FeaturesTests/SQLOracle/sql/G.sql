-- tat_last_ratio
WITH usual AS (
  SELECT lead_class, list_sort(list(least(hours, 999)))[(count(*) + 1) // 2] AS median
  FROM visits730 WHERE hours IS NOT NULL GROUP BY lead_class)
SELECT v.relation, v.hours / u.median AS value
FROM visits v JOIN last_visits l ON l.relation = v.relation AND l.any_n = v.n JOIN usual u USING (lead_class) WHERE u.median > 0;
-- promise_miss_730
SELECT relation, avg(missed::DOUBLE) AS value FROM visits730 WHERE promised GROUP BY 1;
-- sa_distinct4
SELECT relation, count(DISTINCT adviser) / 4 AS value FROM (
  SELECT relation, adviser, row_number() OVER (PARTITION BY relation ORDER BY n DESC) AS latest FROM visits WHERE adviser IS NOT NULL)
WHERE latest <= 4 GROUP BY 1;
-- sa_changed_last
WITH served AS (SELECT relation, adviser, n FROM visits WHERE adviser IS NOT NULL),
usual AS (SELECT relation, arg_max(adviser, (times, latest)) AS adviser FROM (
  SELECT relation, adviser, count(*) AS times, max(n) AS latest FROM served GROUP BY ALL) GROUP BY relation)
SELECT s.relation, (arg_max(s.adviser, s.n) <> any_value(u.adviser))::DOUBLE AS value FROM served s JOIN usual u USING (relation) GROUP BY 1;
-- sa_left
WITH usual AS (SELECT relation, arg_max(adviser, (times, latest)) AS adviser FROM (
  SELECT relation, adviser, count(*) AS times, max(n) AS latest FROM visits WHERE adviser IS NOT NULL GROUP BY ALL) GROUP BY relation)
SELECT u.relation, coalesce(since(a.active_to) > 0, false)::DOUBLE AS value FROM usual u LEFT JOIN advisers a USING (adviser);
