-- phone_ok
SELECT b.relation, CASE WHEN coalesce(e.is_invalid, false) OR NOT EXISTS (FROM channels c WHERE c.customer_id = b.customer AND channel = 'phone')
  THEN 0 WHEN e.is_invalid IS NOT NULL THEN 2 ELSE 1 END::DOUBLE AS value FROM begun b LEFT JOIN phone_evidence e USING (customer);
-- odo_conflict
SELECT relation, (vin IN (FROM doubted))::DOUBLE AS value FROM begun;
-- dq_score
SELECT b.relation, 100 / 8 * (
  (NOT coalesce(e.is_invalid, false) AND EXISTS (FROM channels c WHERE c.customer_id = b.customer AND channel = 'phone'))::INTEGER
  + (p.name <> '')::INTEGER + (p.latitude IS NOT NULL OR p.city IS NOT NULL)::INTEGER + (b.home IS NOT NULL)::INTEGER
  + regexp_full_match(b.vin, '[0-9A-HJ-NPR-Z]{17}')::INTEGER + (b.model IS NOT NULL AND b.delivered IS NOT NULL)::INTEGER
  + EXISTS (FROM visits v WHERE v.relation = b.relation AND v.km IS NOT NULL)::INTEGER + (b.vin NOT IN (FROM doubted))::INTEGER) AS value
FROM begun b JOIN people p ON p.customer_id = b.customer LEFT JOIN phone_evidence e USING (customer);
