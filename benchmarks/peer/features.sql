-- The features of every relation active at the end of day `$at`: a row each, its number first, then the catalogue's
-- columns in their order.
WITH seen AS (  -- one grouping of the visits for everything: what came last is picked by time, nothing is sorted
  SELECT
    relation, min(day) AS first_day, max(day) AS last_day, arg_max_null(hours, opened) AS turnaround,
    max_by(adviser, opened, 4) AS advisers,
    max(day) FILTER (maintenance) AS m_day, arg_max_null(odometer, opened) FILTER (maintenance) AS m_odometer,
    max(day) FILTER (paid > 0) AS p_day, arg_max(odometer, opened) AS odometer, max(unpaid) > 0 AS arrears,
    count(*) FILTER (qualified) AS q, max_by(day, opened, 6) FILTER (qualified) AS q_days,
    max_by(paid, opened, 6) FILTER (qualified) AS q_bills
  FROM visits
  WHERE day <= $at
  GROUP BY relation
), recent AS (  -- two years
  SELECT
    relation, count(*) AS n_730, count(*) FILTER (qualified) AS q_730, count(*) FILTER (paid > 0) AS p_730,
    count(*) FILTER (maintenance) AS m_730, count(*) FILTER (warranty AND paid = 0) AS w_730,
    count(*) FILTER (qualified AND day > $at - 365) AS q_365, count(*) FILTER (paid > 0 AND day > $at - 365) AS p_365,
    count(*) FILTER (maintenance AND day > $at - 365) AS m_365, count(*) FILTER (rework AND day > $at - 365) AS rework,
    sum(paid) AS cp_730, coalesce(sum(paid) FILTER (day > $at - 365), 0) AS cp_365, sum(discount) AS discount_730,
    count(odometer) AS readings, regr_slope(odometer, day) AS slope,
    max(day) FILTER (odometer IS NOT NULL) - min(day) FILTER (odometer IS NOT NULL) AS reading_days
  FROM visits
  WHERE day <= $at AND day > $at - 730
  GROUP BY relation
), known AS (
  SELECT
    relations.*, seen.* EXCLUDE (relation),
    coalesce(q, 0) AS services, coalesce(n_730, 0) AS visits_730, coalesce(q_730, 0) AS services_730,
    coalesce(q_365, 0) AS services_365, coalesce(p_730, 0) AS paid_visits_730, coalesce(p_365, 0) AS paid_visits_365,
    coalesce(m_730, 0) AS maintenance_730, coalesce(m_365, 0) AS maintenance_365, coalesce(w_730, 0) AS warranty_730,
    coalesce(rework, 0) AS rework_365, coalesce(cp_730, 0) AS paid_730, coalesce(cp_365, 0) AS paid_365,
    coalesce(recent.discount_730, 0) AS discounts, coalesce(readings, 0) AS reading_count,
    CASE WHEN readings >= 2 AND reading_days >= 30 THEN slope END AS own_km_day
  FROM relations
  LEFT JOIN seen USING (relation)
  LEFT JOIN recent USING (relation)
  WHERE begun <= $at AND (ended IS NULL OR ended > $at)
), segments AS (
  SELECT use_type, median(own_km_day) AS segment_km_day FROM known GROUP BY use_type
), used AS (
  SELECT
    known.*,
    CASE WHEN own_km_day IS NULL THEN coalesce(segment_km_day, 30)
      ELSE greatest(1e0, least(600e0,
        (reading_count * own_km_day + 3 * coalesce(segment_km_day, 30)) / (reading_count + 3)))
    END AS km_day,
    m_day IS NULL AS is_first, coalesce(m_day, begun) AS anchor, coalesce(m_odometer, 0) AS anchor_km,
    CASE WHEN is_first THEN first_service_months ELSE months END * 30.4375e0 AS months_days,
    CASE WHEN is_first THEN first_service_km ELSE km END AS km_rule,
    greatest(30e0, least(months_days, km_rule / km_day)) AS expected, anchor + expected AS due
  FROM known JOIN segments ON segments.use_type IS NOT DISTINCT FROM known.use_type
), answers AS (
  SELECT
    customer, arg_max(score, (day, score)) AS csi_last, avg(score) FILTER (day > $at - 730) AS csi_mean_730,
    CASE WHEN count(score) > 1 THEN csi_last - (sum(score) - csi_last) / (count(score) - 1) END AS csi_trend
  FROM surveys
  WHERE day <= $at
  GROUP BY customer
), complained AS (
  SELECT
    customer, count(*) FILTER (day > $at - 365) AS cmp_365, count(*) FILTER (closed IS NULL OR closed > $at) AS cmp_open,
    max(severity) FILTER (day > $at - 365) AS cmp_sev, max(day) AS cmp_day
  FROM complaints
  WHERE day <= $at
  GROUP BY customer
), active AS (
  SELECT
    *, advisers[1] AS adviser, q_days[1] AS q_day, q_bills[1] AS bill,
    [q_days[1] - q_days[2], q_days[2] - q_days[3], q_days[3] - q_days[4], q_days[4] - q_days[5], q_days[5] - q_days[6]]
      AS gaps,
    least(greatest(services - 1, 0), 5) AS gap_count, list_median(gaps) AS usual_gap,
    list_aggregate(gaps, 'mad') AS gap_mad, list_median(q_bills) AS usual_bill,
    CAST($at - coalesce(q_day, begun) AS DOUBLE) AS service_days, CAST($at - least(begun, first_day) AS DOUBLE) AS tenure,
    coalesce(odometer, 0) + km_day * ($at - coalesce(last_day, begun)) AS km_now, $at - due AS overdue,
    (gap_count * coalesce(usual_gap, 0) + 2 * expected) / (gap_count + 2) AS own_gap
  FROM used
  WHERE q_days[1] > $at - greatest(365, 1.5e0 * expected) OR (begun > $at - 274 AND due + 180 > $at)
)
SELECT relation, CAST(COLUMNS(* EXCLUDE (relation)) AS DOUBLE) FROM (SELECT
  relation,
  ln(1 + service_days) AS rec_q_days, ln(1 + greatest($at - coalesce(p_day, begun), 0)) AS rec_paid_days,
  ln(1 + greatest($at - coalesce(last_day, begun), 0)) AS rec_any_days, services = 0 AS never_serviced,
  $at - (anchor + months_days) AS days_over_time, km_now - anchor_km - km_rule AS km_over, overdue AS days_over_due,
  ($at - anchor) / expected AS overdue_ratio, floor(greatest(overdue, 0) / expected) AS missed_cycles,
  service_days / own_gap AS rec_over_own_gap,
  greatest(-5e0, least(20e0, (service_days - own_gap) / (1.4826e0 * coalesce(gap_mad, 30) + 15))) AS rec_z,
  is_first AND $at > begun + first_service_months * 30.4375e0 + 30 AS first_service_late,
  services_365 AS n_q_365, services_730 AS n_q_730, paid_visits_365 AS n_paid_365, maintenance_365 AS n_maint_365,
  services / greatest(tenure / 365.25e0, 0.5e0) AS visits_per_year, usual_gap AS gap_median,
  CASE WHEN gap_count >= 3 THEN 1.4826e0 * gap_mad / greatest(usual_gap, 1) END AS gap_cv,
  greatest(0e0, least(1.5e0, maintenance_730 * expected / greatest(90e0, least(730e0, tenure)))) AS wallet_share,
  ln(1 + tenure) AS tenure_days, ln(1 + paid_365) AS cp_365, ln(1 + paid_730) AS cp_730,
  ln(1 + paid_730 / greatest(paid_visits_730, 1)) AS cp_avg_730,
  ln((paid_365 + 500) / (paid_730 - paid_365 + 500)) AS cp_trend, ln(1 + bill) AS ticket_last,
  ln((bill + 1) / (usual_bill + 1)) AS bill_shock, discounts / greatest(paid_730 + discounts, 1) AS discount_rate_730,
  coalesce(arrears, false) AS arrears, paid_visits_730 / greatest(visits_730, 1) AS sh_paid_730,
  warranty_730 / greatest(visits_730, 1) AS sh_warranty_730, rework_365,
  ($at - delivered) / 30.4375e0 AS age_months, km_now / 1000 AS odo_hat, ln(km_day) AS km_day,
  ln(1 + list_price) AS price_band, warranty_end - $at AS wty_days_left,
  least(warranty_end - $at, (warranty_km - km_now) / km_day) AS wty_eff_days_left,
  powertrain IN ('BEV', 'PHEV') AS electric, use_type <> 'private' AS commercial, owner_type <> 'person' AS company,
  bought_here, ln(1 + turnaround) AS turnaround_last, list_unique(advisers) AS sa_distinct4,
  coalesce(adviser_left <= $at, false) AS sa_left, csi_last, csi_mean_730, csi_trend,
  coalesce(cmp_365, 0) AS cmp_365, coalesce(cmp_open, 0) AS cmp_open, coalesce(cmp_sev, 0) AS cmp_sev,
  coalesce(cmp_day > coalesce(last_day, begun), false) AS cmp_after_last
FROM active
LEFT JOIN answers USING (customer)
LEFT JOIN complained USING (customer)
LEFT JOIN advisers USING (adviser)
)
