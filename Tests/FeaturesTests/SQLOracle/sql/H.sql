-- csi_last
SELECT b.relation, s.share AS value FROM begun b JOIN scores s ON s.customer = b.customer AND s.latest = 1;
-- csi_mean_730
SELECT b.relation, (sum(s.share) + 2 * any_value(m.mean)) / (count(*) + 2) AS value
FROM begun b JOIN scores s ON s.customer = b.customer AND since(s.day) < 730
JOIN store_scores m ON m.dealer IS NOT DISTINCT FROM b.home GROUP BY 1;
-- csi_trend
SELECT b.relation, max(s.share) FILTER (s.latest = 1) - avg(s.share) FILTER (s.latest > 1) AS value
FROM begun b JOIN scores s ON s.customer = b.customer GROUP BY 1;
-- nps_class
SELECT b.relation, CASE WHEN any_value(a.share) IS NULL THEN 3 WHEN arg_max(a.share * 10, (a.day, a.file_row)) >= 8.5 THEN 0
  WHEN arg_max(a.share * 10, (a.day, a.file_row)) >= 6.5 THEN 1 ELSE 2 END::DOUBLE AS value
FROM begun b LEFT JOIN answers a ON a.customer = b.customer AND a.kind = 'nps' AND since(a.day) >= 0 GROUP BY 1;
-- csi_min_item
SELECT b.relation, min(s.share) AS value FROM begun b JOIN item_scores s ON s.customer = b.customer
WHERE since(s.day) >= 0 AND since(s.day) < 730 GROUP BY 1;
-- svy_rate
WITH answered AS (SELECT customer, count(DISTINCT a.day) AS days FROM answers a WHERE since(a.day) >= 0 AND since(a.day) < 730 GROUP BY 1),
asked AS (SELECT customer, count(*) AS times FROM contacts_known c WHERE purpose = 'survey' AND since(c.day) >= 30 AND since(c.day) < 730
  AND NOT EXISTS (FROM answers a WHERE a.customer = c.customer AND a.day BETWEEN c.day AND c.day + 30) GROUP BY 1)
SELECT b.relation, (coalesce(days, 0) + 1) / (coalesce(days, 0) + coalesce(times, 0) + 2) AS value
FROM begun b LEFT JOIN answered USING (customer) LEFT JOIN asked USING (customer) WHERE days > 0 OR times > 0;
