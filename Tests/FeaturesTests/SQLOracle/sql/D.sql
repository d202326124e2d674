-- sh_paid_730
SELECT relation, paid / visits AS value FROM counts WHERE visits > 0;
-- sh_warranty_730
SELECT relation, avg((classes = ['warranty'])::DOUBLE) AS value FROM visits730 GROUP BY 1;
-- only_unpaid_730
SELECT b.relation, coalesce(bool_and(NOT is_paid
  AND len(list_filter(classes, lambda c: NOT list_contains(['warranty', 'recall', 'first_service'], c))) = 0), false)::DOUBLE AS value
FROM begun b LEFT JOIN visits730 v USING (relation) GROUP BY 1;
-- only_accident_730
SELECT b.relation, coalesce(bool_and(classes = ['accident']), false)::DOUBLE AS value
FROM begun b LEFT JOIN visits730 v USING (relation) GROUP BY 1;
-- last_class
SELECT v.relation, list_position(['accident', 'recall', 'warranty', 'rework', 'first_service', 'maintenance', 'repair',
  'accessory', 'inspection'], lead_class) - 1.0 AS value
FROM visits v JOIN last_visits l ON l.relation = v.relation AND l.any_n = v.n;
-- rework_365
SELECT b.relation, count(v.n)::DOUBLE AS value FROM begun b LEFT JOIN (
  SELECT v.relation, v.n FROM visits365 v WHERE list_contains(classes, 'rework') OR (list_contains(classes, 'repair')
    AND v.day - (SELECT arg_max(e.last_day, e.n) FROM visits e
      WHERE e.relation = v.relation AND e.n < v.n AND list_contains(e.classes, 'repair')) <= 30)) v USING (relation)
GROUP BY 1;
