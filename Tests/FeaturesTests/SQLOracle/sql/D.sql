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
  SELECT v.relation, v.n FROM visits365 v JOIN visit_jobs j USING (relation, n)
  WHERE list_contains(v.classes, 'rework') OR (list_contains(v.classes, 'repair') AND EXISTS (
    FROM visits e JOIN visit_jobs f ON f.relation = e.relation AND f.n = e.n
    WHERE e.relation = v.relation AND e.n < v.n AND v.day - e.last_day <= 30
      AND NOT coalesce(v.km - e.km > 1000, false)
      AND CASE WHEN j.has_items AND f.has_items THEN list_has_any(coalesce(j.jobs, []), coalesce(f.jobs, []))
        ELSE list_contains(e.classes, 'repair') END))) v USING (relation)
GROUP BY 1;
-- job_breadth_730
SELECT k.relation, count(DISTINCT category)::DOUBLE AS value FROM itemised k
LEFT JOIN items_known i ON i.relation = k.relation AND NOT is_declined AND since(opened) < 730 WHERE years GROUP BY 1;
-- tyre_brake_batt_here
SELECT k.relation, count(DISTINCT category)::DOUBLE AS value FROM itemised k
LEFT JOIN items_known i ON i.relation = k.relation AND NOT is_declined AND since(opened) < 730
  AND category IN ('tyre', 'brake', 'battery', 'wiper', 'filter') WHERE years GROUP BY 1;
-- declined_n_365
SELECT k.relation, count(category)::DOUBLE AS value FROM itemised k
LEFT JOIN items_known i ON i.relation = k.relation AND is_declined AND since(opened) < 365 WHERE year GROUP BY 1;
-- declined_value_open
SELECT k.relation, CASE WHEN count(d.category) = 0 THEN 0 ELSE sum(d.amount) / 100 END AS value FROM itemised k LEFT JOIN (
  SELECT * FROM items_known i WHERE is_declined AND since(opened) < 730
    AND opened = (SELECT max(o.opened) FROM items_known o WHERE o.relation = i.relation AND o.is_declined AND o.category = i.category)
    AND NOT EXISTS (FROM items_known o WHERE o.relation = i.relation AND NOT o.is_declined AND o.category = i.category
      AND o.opened > i.opened)) d USING (relation)
WHERE years GROUP BY 1;
-- recall_open
SELECT relation, EXISTS (FROM recalls r WHERE r.vin = b.vin AND since(opened) >= 0 AND (NOT is_done OR since(done) < 0))::DOUBLE AS value FROM begun b;
