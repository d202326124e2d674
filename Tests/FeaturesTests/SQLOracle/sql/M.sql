-- p_alive
SELECT relation, CASE WHEN x = 0 THEN 1 ELSE
  1 / (1 + a / (b + x - 1) * pow((alpha + age / 7) / (alpha + t_x / 7), r + x)) END AS value
FROM repeats JOIN models USING (powertrain);
-- R_score
WITH recency AS (SELECT relation, since(coalesce(qualified_on, starts)) / interval AS ratio FROM due),
bounds AS (SELECT quantile_cont(ratio, [0.2, 0.4, 0.6, 0.8]) AS bounds FROM recency JOIN active USING (relation))
SELECT relation, 5.0 - len(list_filter(bounds, lambda q: q < ratio)) AS value FROM recency, bounds;
-- F_score
WITH frequency AS (SELECT relation, qualified / (least(age, 730) / regular) AS ratio FROM due JOIN counts USING (relation) WHERE age >= 90),
bounds AS (SELECT quantile_cont(ratio, [0.2, 0.4, 0.6, 0.8]) AS bounds FROM frequency JOIN active USING (relation))
SELECT relation, 1.0 + len(list_filter(bounds, lambda q: q < ratio)) AS value FROM frequency, bounds;
-- M_score
WITH money AS (SELECT relation, margin FROM counts WHERE visits = 0 OR known > 0),
bounds AS (SELECT quantile_cont(margin, [0.2, 0.4, 0.6, 0.8]) AS bounds FROM money JOIN active USING (relation))
SELECT relation, 1.0 + len(list_filter(bounds, lambda q: q < margin)) AS value FROM money, bounds;
-- clv_36
SELECT relation, value FROM lifetime_value;
-- save_value
SELECT v.relation, (1 - alive) * 0.1 * value - 0.12 * (SELECT median(paid) FROM tickets) / 100 AS value FROM lifetime_value v;
-- margin_year
SELECT b.relation, coalesce(sum(o.margin), 0) / 100 / greatest(least(any_value(b.age), 1095) / 365.25, 0.5) AS value
FROM begun b LEFT JOIN orders_known o ON o.relation = b.relation AND since(o.opened) < 1095
GROUP BY 1 HAVING count(o.opened) = 0 OR count(o.margin) > 0;
-- potential_year
WITH upkeep AS (SELECT r.model, CASE WHEN r.delivered IS NULL THEN 5 ELSE least(floor(greatest(v.day - r.delivered, 0) / 365.25 / 2), 4) END AS band,
  v.paid + v.package AS amount FROM visits365 v JOIN relations r USING (relation) WHERE is_scheduled AND v.paid + v.package > 0)
SELECT d.relation, greatest(0, 1 - least(1.5, c.scheduled / (least(730, age) / regular))) * 365.25 / regular * (SELECT CASE
    WHEN count(*) FILTER (u.model IS NOT DISTINCT FROM d.model AND u.band = CASE WHEN d.delivered IS NULL THEN 5 ELSE least(floor(greatest(since(d.delivered), 0) / 365.25 / 2), 4) END) >= 20
      THEN median(amount) FILTER (u.model IS NOT DISTINCT FROM d.model AND u.band = CASE WHEN d.delivered IS NULL THEN 5 ELSE least(floor(greatest(since(d.delivered), 0) / 365.25 / 2), 4) END)
    WHEN count(*) FILTER (u.model IS NOT DISTINCT FROM d.model) >= 20 THEN median(amount) FILTER (u.model IS NOT DISTINCT FROM d.model)
    ELSE median(amount) END FROM upkeep u) / 100 AS value
FROM due d JOIN counts c USING (relation) WHERE age >= 90;
-- ins_potential
SELECT b.relation, CASE WHEN -since(p.ends) > 90 THEN 0 ELSE p.premium / 100 * (SELECT sum(coalesce(commission, 0)) / sum(premium)
  FROM policies_known q WHERE since(q.begins) < 365 AND premium IS NOT NULL AND (commission IS NOT NULL OR NOT sold_here)) END AS value
FROM begun b JOIN policies_known p ON p.vin = b.vin AND latest = 1;
-- trade_potential
WITH held AS (
  SELECT least(floor(greatest(since(delivered) - 365, 0) / 365.25), 10) AS years,
    EXISTS (FROM ownerships o WHERE o.customer = r.customer AND o.vin = r.vin AND o.starts <= t0.day - 365 AND o.ends > t0.day - 365
      AND o.ends <= t0.day AND NOT holds(r.customer, r.vin, o.ends) AND coalesce(o.reason NOT IN ('moved_away', 'deceased', 'fleet_ended'), true))
    OR EXISTS (FROM purchases p WHERE p.customer = r.customer AND p.vin <> r.vin AND since(p.day) >= 0 AND since(p.day) < 365) AS is_replaced
  FROM relations r, t0 WHERE delivered IS NOT NULL AND starts <= t0.day - 365 AND holds(r.customer, r.vin, t0.day - 365)),
margins AS (SELECT dealer, margin FROM purchases WHERE since(day) >= 0 AND since(day) < 730 AND margin IS NOT NULL),
unit AS (SELECT dealer, median(margin) AS margin FROM margins GROUP BY 1 HAVING count(*) >= 20)
SELECT b.relation, (SELECT (count(*) FILTER (is_replaced AND years = own.years) + 20 * avg(is_replaced::DOUBLE))
    / (count(*) FILTER (years = own.years) + 20) FROM held)
  * coalesce(u.margin, (SELECT median(margin) FROM margins)) / 100 AS value
FROM (SELECT *, least(floor(greatest(since(delivered), 0) / 365.25), 10) AS years FROM begun WHERE delivered IS NOT NULL) own
JOIN begun b USING (relation) LEFT JOIN unit u ON u.dealer = b.home;
-- referral_n
SELECT relation, (SELECT count(DISTINCT buyer) FROM referrals r WHERE r.referrer = b.customer AND since(r.day) >= 0 AND since(r.day) < 730)::DOUBLE AS value FROM begun b;
