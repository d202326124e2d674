-- age_months
SELECT relation, since(delivered) / 30.436875 AS value FROM begun;
-- odo_hat
SELECT relation, odometer AS value FROM due;
-- km_day
SELECT relation, km_day AS value FROM due;
-- km_day_change
SELECT r.relation, ln(r.rate / b.rate) AS value FROM rates((SELECT day FROM t0) - 365, (SELECT day FROM t0)) r
JOIN rates(DATE '1900-01-01', (SELECT day FROM t0) - 365) b USING (relation) WHERE r.rate > 0 AND b.rate > 0;
-- powertrain
SELECT relation, powertrain::DOUBLE AS value FROM begun;
-- wty_days_left
SELECT relation, -since(warranty_ends) AS value FROM due;
-- wty_eff_days_left
SELECT relation, CASE WHEN km_day > 0 AND odometer IS NOT NULL AND warranty_km >= 0
  THEN least(-since(warranty_ends), (warranty_km - odometer) / km_day) ELSE -since(warranty_ends) END AS value
FROM due WHERE warranty_ends IS NOT NULL;
-- wty_phase
SELECT relation, CASE WHEN days > 180 THEN 0 WHEN days >= 0 THEN 1 WHEN days >= -180 THEN 2 ELSE 3 END::DOUBLE AS value FROM (
  SELECT relation, CASE WHEN km_day > 0 AND odometer IS NOT NULL AND warranty_km >= 0
    THEN least(-since(warranty_ends), (warranty_km - odometer) / km_day) ELSE -since(warranty_ends) END AS days
  FROM due WHERE warranty_ends IS NOT NULL);
-- wty_ext
SELECT relation, coalesce(since(extended_ends) < 0 AND coalesce(extended_ends > warranty_ends, true), false)::DOUBLE AS value FROM begun;
-- owner_seq
SELECT relation, owner_seq::DOUBLE AS value FROM begun;
-- own_change_days
SELECT relation, age AS value FROM begun WHERE owner_seq >= 2;
-- owner_type
SELECT relation, owner_type::DOUBLE AS value FROM begun;
-- use_type
SELECT relation, use_type::DOUBLE AS value FROM begun;
-- bought_here
SELECT relation, coalesce(since(bought) >= 0, false)::DOUBLE AS value FROM begun;
-- new_used
SELECT relation, condition::DOUBLE AS value FROM begun WHERE since(bought) >= 0;
-- n_vehicles
SELECT relation, (SELECT count(*) FROM begun o WHERE o.customer = b.customer AND o.is_current)::DOUBLE AS value FROM begun b;
-- loan_months_left
SELECT relation, greatest(0, -since(loan_ends) / 30.436875) AS value FROM begun WHERE since(bought) >= 0 AND loan_ends IS NOT NULL;
-- repl_window
SELECT relation, (since(delivered) / 30.436875 BETWEEN 36 AND 72
  OR coalesce(since(bought) >= 0 AND -since(loan_ends) / 30.436875 BETWEEN 0 AND 6, false))::DOUBLE AS value
FROM begun WHERE delivered IS NOT NULL;
-- price_band
WITH prices AS (SELECT home, list_price AS price FROM begun WHERE is_current AND list_price > 0),
bounds AS (SELECT home, quantile_cont(price, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) AS bounds FROM prices
  WHERE home IS NOT NULL GROUP BY home HAVING count(*) >= 20)
SELECT b.relation, len(list_filter(coalesce(o.bounds, (SELECT quantile_cont(price, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  FROM prices)), lambda q: q < b.list_price))::DOUBLE AS value
FROM begun b LEFT JOIN bounds o USING (home) WHERE b.list_price > 0;
-- ins_days
SELECT relation, -since(p.ends) AS value FROM begun b JOIN policies_known p ON p.vin = b.vin AND latest = 1;
-- ins_here
SELECT b.relation, CASE WHEN bool_or(p.sold_here) THEN 1 WHEN count(p.vin) = count(p.sold_here) THEN 0 END::DOUBLE AS value
FROM begun b LEFT JOIN policies_known p ON p.vin = b.vin AND is_in_force GROUP BY 1;
-- ins_lost
SELECT b.relation, CASE WHEN bool_or(p.sold_here AND is_in_force) THEN 0
  WHEN count(*) FILTER (is_in_force AND p.sold_here IS NULL) > 0 THEN NULL
  WHEN bool_or(p.sold_here AND since(p.ends) <= 365) THEN 1 ELSE 0 END::DOUBLE AS value
FROM begun b LEFT JOIN policies_known p ON p.vin = b.vin GROUP BY 1;
-- insp_days
WITH months AS (
  SELECT relation, date_trunc('month', delivered) AS first, greatest(date_diff('month', delivered, t0.day), 0) AS age,
    coalesce(use_type, 0) = 0 AS is_private FROM begun, t0 WHERE delivered IS NOT NULL)
SELECT relation, -since((first + to_months(CASE
  WHEN is_private AND age <= 72 THEN 72 WHEN is_private AND age <= 120 THEN 120
  WHEN is_private OR age <= 60 THEN greatest(ceil(age / 12) * 12, 12) ELSE ceil(age / 6) * 6 END::INTEGER + 1))::DATE - 1) AS value FROM months;
