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
