-- rec_q_days
SELECT relation, since(coalesce(qualified_on, starts)) AS value FROM due;
-- rec_paid_days
SELECT relation, since(coalesce(paid_on, starts)) AS value FROM due;
-- rec_any_days
SELECT relation, since(coalesce(any_on, starts)) AS value FROM due;
-- never_serviced
SELECT relation, (NOT EXISTS (FROM visits v WHERE v.relation = d.relation AND is_qualified AND last_day >= d.starts))::DOUBLE AS value FROM due d;
-- days_over_time
SELECT relation, since(base) - floor(months * 30.436875) AS value FROM due;
-- km_over
SELECT relation, odometer - (base_km + km) AS value FROM due;
-- days_over_due
SELECT relation, since(due_on) AS value FROM due;
-- overdue_ratio
SELECT relation, since(base) / interval AS value FROM due;
-- missed_cycles
SELECT relation, floor(greatest(0, since(due_on)) / interval) AS value FROM due;
-- rec_over_own_gap
SELECT relation, since(coalesce(qualified_on, starts)) / gap AS value FROM due JOIN own_rhythm USING (relation);
-- rec_z
SELECT relation, (since(coalesce(qualified_on, starts)) - gap) / spread AS value FROM due JOIN own_rhythm USING (relation);
-- first_service_late
SELECT relation, (scheduled_on IS NULL AND began_new AND age > first_months * 30.436875 + 30)::DOUBLE AS value FROM due;
-- appt_open
SELECT relation, EXISTS (FROM appointments a WHERE a.customer = b.customer AND coalesce(a.vin = b.vin, true) AND since(a.booked) >= 0
  AND since(a.day) < 0)::DOUBLE AS value FROM begun b;
-- in_shop
SELECT relation, in_shop::DOUBLE AS value FROM begun;
