-- ct_90
SELECT b.relation, (SELECT count(*) FROM contacts_known c WHERE c.customer = b.customer AND purpose = 'marketing' AND since(c.day) < 90)::DOUBLE AS value FROM begun b;
-- ct_reach_365
SELECT b.relation, count(*) FILTER (is_answered) / count(*) AS value FROM begun b JOIN contacts_known c ON c.customer = b.customer
WHERE since(c.day) < 365 AND (is_answered OR is_in_vain) GROUP BY 1;
-- ct_unans_streak
SELECT b.relation, (SELECT count(*) FROM contacts_known c WHERE c.customer = b.customer AND is_in_vain AND n > coalesce(
  (SELECT max(n) FROM contacts_known a WHERE a.customer = b.customer AND a.is_answered), 0))::DOUBLE AS value FROM begun b;
-- resp_rate_365
SELECT b.relation, (count(*) FILTER (EXISTS (FROM visits v WHERE v.relation = b.relation AND is_qualified
  AND v.day BETWEEN c.day + 1 AND c.day + 45)) + 1) / (count(*) + 2) AS value
FROM begun b JOIN contacts_known c ON c.customer = b.customer AND coalesce(c.vin = b.vin, true)
WHERE coalesce(purpose <> 'survey', true) AND since(c.day) >= 45 AND since(c.day) < 365 GROUP BY 1;
-- promise_broken
WITH promises AS (
  SELECT b.relation, c.day, greatest(c.day, coalesce(c.promised, c.day)) + 30 AS until,
    row_number() OVER (PARTITION BY b.relation ORDER BY c.n DESC) AS latest
  FROM begun b JOIN contacts_known c ON c.customer = b.customer AND coalesce(c.vin = b.vin, true)
  WHERE c.outcome IN ('promised', 'booked') AND since(c.day) < 365)
SELECT b.relation, coalesce(since(until) > 0 AND NOT EXISTS (FROM visits v WHERE v.relation = b.relation
  AND v.day BETWEEN p.day AND p.until), false)::DOUBLE AS value
FROM begun b LEFT JOIN promises p ON p.relation = b.relation AND latest = 1;
-- optout_any
SELECT relation, EXISTS (FROM standing s WHERE s.customer = b.customer AND NOT is_granted
  AND purpose IN ('marketing', 'service', 'care'))::DOUBLE AS value FROM begun b;
-- reachable_ch
SELECT b.relation, (SELECT count(DISTINCT c.channel) FROM channels c JOIN standing s ON s.customer = c.customer_id AND s.channel = c.channel
  WHERE c.customer_id = b.customer AND s.is_granted AND s.purpose IN ('marketing', 'service')
    AND NOT (c.channel IN ('phone', 'sms') AND coalesce(e.is_invalid, false)))::DOUBLE AS value
FROM begun b LEFT JOIN phone_evidence e USING (customer);
