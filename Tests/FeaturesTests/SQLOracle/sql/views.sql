-- What was known at the end of one day: t0(day). Only orders opened, closed and known by then count.
CREATE OR REPLACE MACRO since(x) AS ((SELECT day FROM t0) - x)::DOUBLE;

-- A visit: orders of one vehicle at one store, each opened at most a day after another.
CREATE OR REPLACE TABLE visible AS
SELECT *, CASE WHEN cost IS NOT NULL AND customer_paid IS NOT NULL THEN customer_paid + coalesce(package_paid, 0)
    + coalesce(warranty_paid, 0) + coalesce(insurance_paid, 0) - cost END AS margin,
  sum(is_first) OVER (PARTITION BY customer, vin, dealer ORDER BY position) AS visit_of_store
FROM (SELECT o.*, CASE WHEN opened - lag(opened) OVER (PARTITION BY customer, vin, dealer ORDER BY position) <= 1
        THEN 0 ELSE 1 END AS is_first
      FROM orders o, t0 WHERE opened <= t0.day AND closed <= t0.day AND known <= t0.day);

CREATE OR REPLACE TABLE visits AS
SELECT *, list_contains(classes, 'first_service') OR list_contains(classes, 'maintenance') AS is_scheduled,
  list_contains(classes, 'first_service') OR list_contains(classes, 'maintenance')
    OR (list_contains(classes, 'repair') AND (paid > 0 OR NOT has_payment)) AS is_qualified,
  paid + package > 0 AS is_paid,
  list_filter(['accident', 'recall', 'warranty', 'rework', 'first_service', 'maintenance', 'repair', 'accessory',
    'inspection', 'presale', 'internal', 'counter_sale'], lambda c: list_contains(classes, c))[1] AS lead_class
FROM (
  SELECT r.relation, row_number() OVER (PARTITION BY r.relation ORDER BY min(v.position)) AS n,
    min(v.opened) AS day, max(v.opened) AS last_day, any_value(v.dealer) AS dealer,
    list_distinct(flatten(list(v.classes))) AS classes, bool_or(v.customer_paid IS NOT NULL) AS has_payment,
    coalesce(sum(v.customer_paid), 0)::DOUBLE AS paid, coalesce(sum(v.package_paid), 0)::DOUBLE AS package,
    coalesce(sum(v.discount), 0)::DOUBLE AS discount,
    sum(CASE WHEN coalesce(v.customer_paid, 0) + coalesce(v.package_paid, 0) = 0 THEN 0
      ELSE coalesce(v.margin, coalesce(v.customer_paid, 0) + coalesce(v.package_paid, 0)) END)::DOUBLE AS margin, sum(v.estimate)::DOUBLE AS estimate, sum(v.unpaid)::DOUBLE AS unpaid,
    arg_max(v.adviser, v.position) FILTER (v.adviser IS NOT NULL) AS adviser,
    arg_max(v.km, v.position) FILTER (v.km IS NOT NULL) AS km, bool_or(v.replaced) AS replaced,
    max(v.hours) AS hours, list(v.position) AS positions, bool_or(v.promised) AS promised, bool_or(v.missed) AS missed, bool_or(v.booked) AS booked
  FROM visible v JOIN relations r USING (customer, vin)
  GROUP BY r.relation, v.dealer, v.visit_of_store);

-- Whether a customer who had a vehicle by some day had it on that day: no ownership is known, or one lasted. Who sold it
-- and bought it back had it before and after.
CREATE OR REPLACE MACRO holds(owner, vehicle, that) AS
  NOT EXISTS (FROM ownerships o WHERE o.customer = owner AND o.vin = vehicle)
  OR EXISTS (FROM ownerships o WHERE o.customer = owner AND o.vin = vehicle AND o.starts <= that AND coalesce(o.ends > that, true));

-- Relations that had begun; current ones had not ended.
CREATE OR REPLACE TABLE begun AS
SELECT r.*, starts <= t0.day AND holds(r.customer, r.vin, t0.day) AS is_current,
  coalesce(owner_seq, 0) < 2 AND (delivered IS NULL OR starts - delivered <= 60) AS began_new,
  EXISTS (FROM orders o WHERE o.customer = r.customer AND o.vin = r.vin AND opened <= t0.day AND known <= t0.day
    AND coalesce(closed > t0.day, true)) AS in_shop,
  since(starts) AS age
FROM relations r, t0 WHERE starts <= t0.day;

-- Kilometres per day: Theil–Sen over readings of one odometer at least 30 days apart, the latest 40 of a window.
CREATE OR REPLACE TABLE readings AS
SELECT relation, n, day, km, sum(replaced::INTEGER) OVER (PARTITION BY relation ORDER BY n) AS odometer FROM visits;

CREATE OR REPLACE MACRO rates(first, last) AS TABLE
WITH own AS (
  SELECT *, row_number() OVER (PARTITION BY relation ORDER BY n DESC) AS latest, count(*) OVER (PARTITION BY relation) AS readings
  FROM readings WHERE km IS NOT NULL AND day > first AND day <= last)
SELECT a.relation, median((b.km - a.km) / (b.day - a.day)) AS rate, least(any_value(a.readings), 40) AS readings
FROM own a JOIN own b ON a.relation = b.relation AND a.n < b.n AND a.odometer = b.odometer AND b.day - a.day >= 30
WHERE a.latest <= 40 AND b.latest <= 40 GROUP BY a.relation;

CREATE OR REPLACE TABLE own_rates AS
SELECT b.relation, b.model, b.use_type, r.rate, r.readings
FROM begun b JOIN rates((SELECT day FROM t0) - 730, (SELECT day FROM t0)) r USING (relation) WHERE is_current;

-- The segment: model and use, from 20 rates on; else the use; else all.
CREATE OR REPLACE TABLE segments AS
WITH by_model AS (SELECT model, use_type, count(*) AS n, median(rate) AS mid, quantile_cont(rate, 0.01) AS low,
    quantile_cont(rate, 0.99) AS high FROM own_rates GROUP BY ALL HAVING n >= 20),
by_use AS (SELECT use_type, count(*) AS n, median(rate) AS mid, quantile_cont(rate, 0.01) AS low,
    quantile_cont(rate, 0.99) AS high FROM own_rates GROUP BY ALL HAVING n >= 20),
by_all AS (SELECT median(rate) AS mid, quantile_cont(rate, 0.01) AS low, quantile_cont(rate, 0.99) AS high FROM own_rates)
SELECT b.relation, coalesce(m.mid, u.mid, a.mid) AS mid, greatest(coalesce(m.low, u.low, a.low), 0.1) AS low,
  coalesce(m.high, u.high, a.high) AS high
FROM begun b, by_all a
LEFT JOIN by_model m ON m.model IS NOT DISTINCT FROM b.model AND m.use_type IS NOT DISTINCT FROM b.use_type
LEFT JOIN by_use u ON u.use_type IS NOT DISTINCT FROM b.use_type;

CREATE OR REPLACE TABLE usage AS
SELECT s.relation, CASE WHEN o.rate IS NULL THEN s.mid
  ELSE least(greatest((o.readings * o.rate + 3 * s.mid) / (o.readings + 3), s.low), s.high) END AS km_day
FROM segments s LEFT JOIN own_rates o USING (relation);

-- The due state.
CREATE OR REPLACE TABLE last_visits AS
SELECT relation, max(n) AS any_n, max(n) FILTER (is_qualified) AS qualified_n, max(n) FILTER (is_paid) AS paid_n,
  max(n) FILTER (is_scheduled) AS scheduled_n, max(n) FILTER (km IS NOT NULL) AS reading_n
FROM visits GROUP BY relation;

CREATE OR REPLACE TABLE due AS
SELECT *, base + floor(interval)::INTEGER AS due_on FROM (
  SELECT *, greatest(least(months * 30.436875, CASE WHEN km_day > 0 THEN km / km_day ELSE 'inf'::DOUBLE END), 30) AS interval,
    greatest(least(regular_months * 30.436875, CASE WHEN km_day > 0 THEN regular_km / km_day ELSE 'inf'::DOUBLE END), 30) AS regular,
    least(first_months * 30.436875, CASE WHEN km_day > 0 THEN first_km / km_day ELSE 'inf'::DOUBLE END) AS first_interval
  FROM (
    SELECT b.*, u.km_day, l.any_n, q.day AS qualified_on, q.last_day AS qualified_last, p.day AS paid_on, a.day AS any_on,
      a.last_day AS any_last, a.n AS last_n, m.day AS scheduled_on, s.first_months, s.first_km,
      s.months AS regular_months, s.km AS regular_km, m.day IS NULL AND began_new AS is_first,
      CASE WHEN m.day IS NULL AND began_new THEN s.first_months ELSE s.months END AS months,
      CASE WHEN m.day IS NULL AND began_new THEN s.first_km ELSE s.km END AS km,
      coalesce(m.day, b.starts) AS base,
      o.km + coalesce(u.km_day * since(o.day), 0) AS odometer,
      CASE WHEN m.day IS NOT NULL THEN m.km::DOUBLE WHEN began_new THEN 0 END AS base_km
    FROM begun b JOIN usage u USING (relation) JOIN schedules s USING (relation)
    LEFT JOIN last_visits l USING (relation)
    LEFT JOIN visits q ON q.relation = b.relation AND q.n = l.qualified_n
    LEFT JOIN visits p ON p.relation = b.relation AND p.n = l.paid_n
    LEFT JOIN visits a ON a.relation = b.relation AND a.n = l.any_n
    LEFT JOIN visits m ON m.relation = b.relation AND m.n = l.scheduled_n
    LEFT JOIN visits o ON o.relation = b.relation AND o.n = l.reading_n));

CREATE OR REPLACE TABLE active AS
SELECT relation FROM due
WHERE is_current AND NOT in_shop
  AND (coalesce(since(qualified_on) < greatest(365, 1.5 * interval), false) OR (age <= 274 AND since(due_on) < 180));

-- The last five gaps between qualified visits, 1 the latest; and their centre and spread.
CREATE OR REPLACE TABLE gaps AS
SELECT * FROM (
  SELECT relation, row_number() OVER (PARTITION BY relation ORDER BY n DESC) AS latest,
    (day - lag(day) OVER (PARTITION BY relation ORDER BY n))::DOUBLE AS gap,
    row_number() OVER (PARTITION BY relation ORDER BY n) AS first
  FROM visits WHERE is_qualified) WHERE first > 1 AND latest <= 5;

CREATE OR REPLACE TABLE rhythm AS
SELECT g.relation, count(*) AS k, any_value(c.centre) AS centre, 1.4826 * median(abs(gap - c.centre)) AS spread
FROM gaps g JOIN (SELECT relation, median(gap) AS centre FROM gaps GROUP BY relation) c USING (relation) GROUP BY g.relation;

CREATE OR REPLACE TABLE own_rhythm AS
SELECT d.relation, CASE WHEN k IS NULL THEN interval ELSE (k * centre + 2 * interval) / (k + 2) END AS gap,
  greatest(CASE WHEN k >= 2 THEN (k * spread + 2 * 0.25 * interval) / (k + 2) ELSE 0.25 * interval END, 7) AS spread
FROM due d LEFT JOIN rhythm USING (relation);

-- Visits in windows.
CREATE OR REPLACE TABLE visits365 AS SELECT * FROM visits WHERE since(day) < 365;
CREATE OR REPLACE TABLE visits730 AS SELECT * FROM visits WHERE since(day) < 730;
CREATE OR REPLACE TABLE counts AS
SELECT b.relation, count(v.n) AS visits, count(*) FILTER (v.is_qualified) AS qualified, count(*) FILTER (v.is_paid) AS paid,
  count(*) FILTER (v.is_scheduled) AS scheduled, count(*) FILTER (v.has_payment) AS known,
  coalesce(sum(v.paid), 0) AS amount, coalesce(sum(v.discount), 0) AS discount, coalesce(sum(v.margin), 0) AS margin
FROM begun b LEFT JOIN visits730 v USING (relation) GROUP BY b.relation;

-- Maintenance visits in pairs.
CREATE OR REPLACE TABLE maintenance AS
SELECT v.relation, v.day, v.km, row_number() OVER (PARTITION BY v.relation ORDER BY v.n DESC) AS latest,
  lag(v.day) OVER (PARTITION BY v.relation ORDER BY v.n) AS before_day, lag(v.km) OVER (PARTITION BY v.relation ORDER BY v.n) AS before_km
FROM visits v WHERE is_scheduled;

-- Tickets of stores, their own from 20 on.
CREATE OR REPLACE TABLE tickets AS SELECT dealer, paid FROM visits730 WHERE is_qualified AND paid > 0;
CREATE OR REPLACE TABLE ticket_medians AS
SELECT d.dealer, CASE WHEN count(t.paid) >= 20 THEN median(t.paid) ELSE (SELECT median(paid) FROM tickets) END / 100 AS median
FROM (SELECT DISTINCT home AS dealer FROM relations UNION SELECT DISTINCT dealer FROM visits) d
LEFT JOIN tickets t ON t.dealer = d.dealer GROUP BY d.dealer;

-- Answers: scaled scores of csi and ssi; the recommendation apart.
CREATE OR REPLACE TABLE scores AS
SELECT a.*, row_number() OVER (PARTITION BY customer ORDER BY a.day DESC, file_row DESC) AS latest
FROM answers a, t0 WHERE kind IS DISTINCT FROM 'nps' AND a.day <= t0.day;
CREATE OR REPLACE TABLE store_scores AS
SELECT d.dealer, CASE WHEN count(s.share) >= 20 THEN avg(s.share) ELSE (SELECT avg(share) FROM scores WHERE since(day) < 730) END AS mean
FROM (SELECT DISTINCT dealer FROM customers) d
LEFT JOIN (SELECT c.dealer, s.share FROM scores s JOIN customers c ON c.customer_id = s.customer WHERE since(day) < 730) s
  ON s.dealer = d.dealer
GROUP BY d.dealer;

CREATE OR REPLACE TABLE known_complaints AS
SELECT c.*, (closed IS NULL OR closed > t0.day) OR coalesce(reopened <= t0.day AND reopened > closed, false) AS is_open
FROM complaints c, t0 WHERE opened <= t0.day;

-- Orders of windows by themselves, and their items.
CREATE OR REPLACE TABLE orders_known AS
SELECT r.relation, v.*,
  EXISTS (FROM items i WHERE i.customer = v.customer AND i.vin = v.vin AND i.position = v.position) AS has_items
FROM visible v JOIN relations r USING (customer, vin);
CREATE OR REPLACE TABLE items_known AS
SELECT o.relation, o.opened, i.category, i.is_declined, i.amount FROM items i JOIN orders_known o USING (customer, vin, position);
-- Orders without any item tell nothing of items; without orders there is nothing to tell.
CREATE OR REPLACE TABLE itemised AS
SELECT b.relation, count(o.opened) FILTER (since(o.opened) < 365) = 0 OR bool_or(o.has_items) FILTER (since(o.opened) < 365) AS year,
  count(o.opened) FILTER (since(o.opened) < 730) = 0 OR bool_or(o.has_items) FILTER (since(o.opened) < 730) AS years
FROM begun b LEFT JOIN orders_known o USING (relation) GROUP BY b.relation;
CREATE OR REPLACE TABLE visit_jobs AS
SELECT v.relation, v.n, count(i.category) > 0 AS has_items,
  list(DISTINCT i.category) FILTER (NOT i.is_declined AND i.category <> 'other') AS jobs
FROM visits v JOIN relations r USING (relation)
LEFT JOIN items i ON i.customer = r.customer AND i.vin = r.vin AND list_contains(v.positions, i.position) GROUP BY ALL;

-- Policies that had begun; the one that ends last.
CREATE OR REPLACE TABLE policies_known AS
SELECT *, since(ends) <= 0 AS is_in_force, row_number() OVER (PARTITION BY vin ORDER BY ends DESC, begins DESC, file_row DESC) AS latest
FROM policies WHERE since(begins) >= 0;

-- Contacts by the day, in the order of the file; and what customers had said about being contacted.
CREATE OR REPLACE TABLE contacts_known AS
SELECT *, row_number() OVER (PARTITION BY customer ORDER BY c.day, file_row) AS n FROM contacts c WHERE since(c.day) >= 0;
CREATE OR REPLACE TABLE standing AS
SELECT customer, channel, purpose, arg_max(is_granted, (said_at, NOT is_granted)) AS is_granted
FROM statements WHERE since(said_at::DATE) >= 0 GROUP BY ALL;
CREATE OR REPLACE TABLE phone_evidence AS
SELECT customer, arg_max(outcome = 'invalid', n) AS is_invalid FROM contacts_known
WHERE (channel = 'phone' AND is_answered) OR (channel IN ('phone', 'sms') AND outcome = 'invalid') GROUP BY 1;

-- Peers: those who had come in the year before the last and have not ended, and whether they came since.
CREATE OR REPLACE MACRO age_band(days) AS CASE WHEN days IS NULL THEN 5 WHEN days / 365.25 < 2 THEN 0 WHEN days / 365.25 < 4 THEN 1
  WHEN days / 365.25 < 6 THEN 2 WHEN days / 365.25 < 10 THEN 3 ELSE 4 END;
CREATE OR REPLACE TABLE peers AS
SELECT r.relation, r.model, r.home, age_band(since(r.delivered) - 365) AS band,
  NOT bool_or(since(o.opened) < 365) AS is_lost
FROM orders_known o JOIN relations r USING (relation), t0
WHERE (list_contains(o.classes, 'first_service') OR list_contains(o.classes, 'maintenance')
    OR (list_contains(o.classes, 'repair') AND coalesce(o.customer_paid > 0, true)))
  AND since(o.opened) < 730 AND holds(r.customer, r.vin, t0.day)
GROUP BY ALL HAVING bool_or(since(o.opened) >= 365);
CREATE OR REPLACE TABLE doubted AS SELECT DISTINCT vin FROM visible WHERE is_doubted;
