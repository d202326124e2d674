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
