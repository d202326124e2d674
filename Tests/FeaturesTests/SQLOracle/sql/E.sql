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
