-- The canonical tables as the schema's page says they are to be understood: once per data folder, for all dates.
-- Given: raw_<table> (every column as text, file_row), order_rank(visit_id, rank), data_end(day).

-- Columns that a folder may lack are null.
CREATE OR REPLACE MACRO half(x) AS trim(translate(x, '０１２３４５６７８９．－＋：／，　', '0123456789.-+:/, '));
CREATE OR REPLACE MACRO num(x) AS TRY_CAST(half(x) AS DOUBLE);
CREATE OR REPLACE MACRO stamp(x) AS CASE WHEN TRY_CAST(half(x) AS TIMESTAMP) >= TIMESTAMP '1900-01-02'
  AND TRY_CAST(half(x) AS TIMESTAMP) < TIMESTAMP '9999-12-31' THEN TRY_CAST(half(x) AS TIMESTAMP) END;
CREATE OR REPLACE MACRO dated(x) AS stamp(x)::DATE;
CREATE OR REPLACE MACRO cents(x) AS CASE WHEN num(x) >= 0 AND num(x) * 100 < 2147483647 THEN round(num(x) * 100)::BIGINT END;
CREATE OR REPLACE MACRO code(x, words) AS nullif(list_position(words, half(x)), 0) - 1;
-- Before the vehicle can have been built: 30 days before its delivery, or the year before its model year.
CREATE OR REPLACE MACRO is_before(day, delivered, model_year) AS
  coalesce(day < delivered - 30, day < make_date(model_year::INTEGER - 1, 1, 1), false);
CREATE OR REPLACE MACRO key(x) AS nullif(half(x), '');

-- Customers. Same phone and name are one person, unless more than three names share the phone.
CREATE OR REPLACE TABLE customer_rows AS
SELECT key(customer_id) AS customer_id, min(file_row) AS file_row, arg_min(coalesce(name, ''), file_row) AS name,
  arg_min(regexp_replace(half(coalesce(phone, '')), '[^0-9]', '', 'g'), file_row) AS digits,
  arg_min(code(owner_type, ['person', 'company', 'government', 'rental']), file_row) AS owner_type,
  arg_min(key(dealer_id), file_row) AS dealer
FROM raw_customers WHERE key(customer_id) IS NOT NULL GROUP BY 1;

CREATE OR REPLACE TABLE customer_phones AS
SELECT *, CASE WHEN length(number) < 7
    OR replace(substr(number, 1 + skip), substr(number, 1 + skip, 1), '') = '' THEN '' ELSE number END AS phone
FROM (SELECT *, CASE WHEN length(number) > 8 THEN 3 ELSE 0 END AS skip
      FROM (SELECT *, CASE WHEN length(digits) = 13 AND digits LIKE '86%' THEN substr(digits, 3)
                           WHEN length(digits) = 15 AND digits LIKE '0086%' THEN substr(digits, 5)
                           ELSE digits END AS number FROM customer_rows));

CREATE OR REPLACE TABLE persons AS
SELECT phone, name, arg_min(customer_id, file_row) AS golden,
  count(*) OVER (PARTITION BY phone) AS names_of_phone
FROM customer_phones WHERE phone <> '' AND name <> '' GROUP BY phone, name;

CREATE OR REPLACE TABLE customers AS
SELECT c.customer_id, c.file_row, c.owner_type, c.dealer,
  CASE WHEN p.names_of_phone <= 3 THEN p.golden ELSE c.customer_id END AS golden
FROM customer_phones c LEFT JOIN persons p USING (phone, name);

-- Vehicles, the first row of a VIN.
CREATE OR REPLACE TABLE vehicles AS
SELECT upper(key(vin)) AS vin, arg_min(key(customer_id), file_row) AS owner, arg_min(key(model), file_row) AS model,
  arg_min(code(powertrain, ['ICE', 'HEV', 'PHEV', 'BEV']), file_row) AS powertrain,
  arg_min(code(use_type, ['private', 'commercial', 'ride_hailing', 'taxi']), file_row) AS use_type,
  arg_min(dated(delivered_on), file_row) AS delivered, arg_min(num(model_year), file_row) AS model_year,
  arg_min(plate, file_row) AS plate, arg_min(num(list_price), file_row) AS list_price,
  arg_min(dated(warranty_ends_on), file_row) AS warranty_ends,
  arg_min(num(warranty_km), file_row) AS warranty_km,
  arg_min(dated(extended_warranty_ends_on), file_row) AS extended_ends
FROM (SELECT * REPLACE (coalesce(vin, '') AS vin) FROM raw_vehicles) WHERE key(vin) IS NOT NULL GROUP BY 1;

CREATE OR REPLACE TABLE ownerships AS
SELECT c.golden AS customer, v.vin, dated("from") AS starts, dated("to") AS ends, key(end_reason) AS reason
FROM raw_ownerships o JOIN customers c ON c.customer_id = key(o.customer_id) JOIN vehicles v ON v.vin = upper(key(o.vin))
WHERE dated("from") IS NOT NULL AND (dated("to") IS NULL OR dated("to") >= dated("from"));

CREATE OR REPLACE TABLE purchases AS
SELECT c.golden AS customer, v.vin, dated(date) AS day, p.file_row,
  code(condition, ['new', 'certified_used', 'used']) AS condition, dated(loan_ends_on) AS loan_ends,
  round(num(gross_margin) * 100) AS margin, key(dealer_id) AS dealer, key(referred_by) AS referred_by
FROM raw_purchases p JOIN customers c ON c.customer_id = key(p.customer_id) JOIN vehicles v ON v.vin = upper(key(p.vin))
WHERE dated(date) IS NOT NULL;

-- Repair orders: neither void nor presale, internal or counter sale.
CREATE OR REPLACE TABLE order_rows AS
SELECT visit_id, file_row, key(customer_id) AS customer_id, upper(key(vin)) AS vin, key(dealer_id) AS dealer,
  opened_at, opened_at::DATE AS opened, coalesce(status = 'open', false) AS is_open, closed_at, promised_at,
  greatest(opened_at::DATE, coalesce(recorded_at::DATE, opened_at::DATE)) AS known,
  CASE WHEN km BETWEEN 0 AND 3000000 THEN trunc(km)::INTEGER END AS km, replaced,
  CASE WHEN len(classes) = 0 THEN ['repair'] ELSE classes END AS classes,
  customer_paid, warranty_paid, insurance_paid, package_paid, discount, cost, estimate, unpaid, adviser, booked
FROM (
  SELECT visit_id, file_row, customer_id, vin, dealer_id, stamp(opened_at) AS opened_at, stamp(closed_at) AS closed_at,
    stamp(promised_at) AS promised_at, stamp(recorded_at) AS recorded_at, half(status) AS status,
    num(odometer_km) AS km, coalesce(TRY_CAST(odometer_replaced AS BOOLEAN), false) AS replaced,
    list_filter(list_distinct(list_transform(string_split_regex(coalesce(classes, ''), '[|,]'), lambda x: lower(trim(x)))),
      lambda x: list_contains(['accident', 'recall', 'warranty', 'rework', 'first_service', 'maintenance', 'repair',
        'accessory', 'inspection', 'presale', 'internal', 'counter_sale'], x)) AS classes,
    cents(customer_paid) AS customer_paid, cents(warranty_paid) AS warranty_paid,
    cents(insurance_paid) AS insurance_paid, cents(package_paid) AS package_paid, cents(discount) AS discount,
    cents(cost) AS cost, cents(estimate) AS estimate, cents(unpaid) AS unpaid, key(adviser_id) AS adviser,
    coalesce(TRY_CAST(booked AS BOOLEAN), false) AS booked
  FROM raw_visits)
WHERE key(visit_id) IS NOT NULL AND opened_at IS NOT NULL AND coalesce(status, '') <> 'void'
  AND (len(classes) = 0
    OR len(list_filter(classes, lambda x: NOT list_contains(['presale', 'internal', 'counter_sale'], x))) > 0);

-- Whose order it is: customer and VIN as written; an unknown VIN may be one of the customer's with two neighbouring
-- characters exchanged, of the vehicles that were known or had been in the file by then.
CREATE OR REPLACE TABLE pairs AS
SELECT customer_id, vin, c.golden AS customer, v.vin IS NOT NULL AS is_known, min(o.file_row) AS first_row
FROM order_rows o JOIN customers c USING (customer_id) LEFT JOIN vehicles v USING (vin)
WHERE vin IS NOT NULL GROUP BY ALL;

CREATE OR REPLACE TABLE owned AS
SELECT customer, vin, -1 AS first_row FROM ownerships
UNION SELECT customer, vin, -1 FROM purchases
UNION SELECT c.golden, v.vin, -1 FROM vehicles v JOIN customers c ON c.customer_id = v.owner
UNION SELECT customer, vin, min(first_row) FROM pairs WHERE is_known GROUP BY ALL;

CREATE OR REPLACE MACRO exchanged(a, b) AS length(a) = length(b) AND a <> b
  AND list_contains(list_transform(range(1, length(a)), lambda i:
    substr(a, 1, i - 1) || substr(a, i + 1, 1) || substr(a, i, 1) || substr(a, i + 2)), b);

CREATE OR REPLACE TABLE resolved AS
SELECT p.customer_id, p.vin AS written, p.customer,
  coalesce((SELECT min(o.vin) FROM owned o WHERE NOT p.is_known AND o.customer = p.customer
            AND o.first_row < p.first_row AND exchanged(o.vin, p.vin)), p.vin) AS vin
FROM pairs p;

CREATE OR REPLACE TABLE assigned AS
SELECT o.* EXCLUDE (customer_id, vin), r.customer, r.vin, k.rank
FROM order_rows o JOIN resolved r ON r.customer_id = o.customer_id AND r.written = o.vin
JOIN order_rank k USING (visit_id);

-- Usable orders: once, not before the delivery, and within the data.
CREATE OR REPLACE TABLE usable AS
SELECT a.*, row_number() OVER (PARTITION BY a.customer, a.vin ORDER BY opened, rank) AS position,
  CASE WHEN NOT is_open THEN CASE WHEN closed_at >= opened_at THEN closed_at::DATE ELSE opened END END AS closed,
  CASE WHEN NOT is_open AND closed_at >= opened_at
    THEN least((epoch_us(closed_at) - epoch_us(opened_at)) // 3600000000, 65534) END AS hours,
  NOT is_open AND closed_at IS NOT NULL AND promised_at IS NOT NULL AS promised,
  coalesce(NOT is_open AND closed_at > promised_at, false) AS missed
FROM (SELECT *, row_number() OVER (PARTITION BY customer, vin, opened, visit_id ORDER BY file_row) AS copy FROM assigned) a
LEFT JOIN vehicles v ON v.vin = a.vin
WHERE copy = 1 AND NOT is_before(opened, v.delivered, v.model_year) AND opened <= (SELECT day FROM data_end)
  AND opened >= DATE '1990-01-01';

-- A reading is believed unless it is lower than the last believed one that was known when the order was, or higher by
-- more than 1,500 km a day; a replaced odometer begins anew.
CREATE OR REPLACE TABLE believed AS
WITH RECURSIVE walk AS (
  SELECT customer, vin, 0::BIGINT AS position, NULL::INTEGER AS km, NULL::INTEGER AS raw_km,
    []::STRUCT(known DATE, day DATE, km INTEGER)[] AS seen
  FROM (SELECT DISTINCT customer, vin FROM usable)
  UNION ALL
  SELECT customer, vin, position, accepted, km,
    CASE WHEN accepted IS NOT NULL OR replaced
      THEN list_append(seen, {'known': settled, 'day': opened, 'km': accepted}) ELSE seen END
  FROM (
    SELECT *, CASE WHEN km IS NULL OR replaced OR last.km IS NULL THEN km
      WHEN km < last.km OR km - last.km > 1500 * greatest(opened - last.day, 1) THEN NULL ELSE km END AS accepted
    FROM (
      SELECT w.customer, w.vin, u.position, u.km, u.replaced, u.opened, w.seen,
        greatest(u.opened, coalesce(u.closed, DATE '9999-12-31'), u.known) AS settled,
        list_filter(w.seen, lambda s: s.known <= greatest(u.opened, coalesce(u.closed, DATE '9999-12-31'), u.known))[-1] AS last
      FROM walk w JOIN usable u ON u.customer = w.customer AND u.vin = w.vin AND u.position = w.position + 1)))
SELECT customer, vin, position, km FROM walk WHERE position > 0;

CREATE OR REPLACE TABLE orders AS
SELECT u.* EXCLUDE (km), b.km, u.km IS NOT NULL AND b.km IS NULL AS is_doubted
FROM usable u JOIN believed b USING (customer, vin, position);

-- Relations: one customer with one vehicle.
CREATE OR REPLACE TABLE relations AS
WITH keys AS (
  SELECT customer, vin FROM owned WHERE first_row < 0 UNION SELECT customer, vin FROM assigned),
owned_days AS (
  SELECT customer, vin, min(starts) AS starts,
    CASE WHEN count(*) = count(ends) THEN max(ends) END AS ends FROM ownerships GROUP BY ALL),
first_owned AS (SELECT vin, min(starts) AS starts FROM ownerships GROUP BY ALL),
bought AS (SELECT customer, vin, min(day) AS day, arg_min(condition, (day, file_row)) AS condition,
  arg_min(loan_ends, (day, file_row)) AS loan_ends FROM (
    SELECT * REPLACE (coalesce(condition, -1) AS condition, coalesce(loan_ends, DATE '1800-01-01') AS loan_ends) FROM purchases)
  GROUP BY ALL),
first_known AS (SELECT customer, vin, min(known) AS day FROM usable GROUP BY ALL)
SELECT row_number() OVER (ORDER BY k.customer, k.vin) AS relation, k.customer, k.vin, c.owner_type, c.dealer AS home,
  v.model, v.powertrain, v.use_type, v.delivered, v.list_price, v.plate, v.warranty_ends, v.warranty_km, v.extended_ends,
  coalesce(o.starts, own.delivered, b.day, f.day) AS starts, o.ends,
  CASE WHEN first.starts IS NOT NULL AND coalesce(o.starts, own.delivered) IS NOT NULL
    THEN CASE WHEN coalesce(o.starts, own.delivered) <= first.starts THEN 1 ELSE 2 END END AS owner_seq,
  b.day AS bought, nullif(b.condition, -1) AS condition, nullif(b.loan_ends, DATE '1800-01-01') AS loan_ends
FROM keys k JOIN customers c ON c.customer_id = k.customer
LEFT JOIN vehicles v ON v.vin = k.vin
LEFT JOIN owned_days o ON o.customer = k.customer AND o.vin = k.vin
LEFT JOIN first_owned first ON first.vin = k.vin
LEFT JOIN bought b ON b.customer = k.customer AND b.vin = k.vin
LEFT JOIN first_known f ON f.customer = k.customer AND f.vin = k.vin
LEFT JOIN (SELECT v.vin, c.golden, v.delivered FROM vehicles v JOIN customers c ON c.customer_id = v.owner) own
  ON own.vin = k.vin AND own.golden = k.customer;

-- Schedules: model and powertrain, model, powertrain, any; else the standard ones.
CREATE OR REPLACE TABLE schedule_rows AS
SELECT CASE WHEN key(model) IS NULL THEN '*' ELSE key(model) END AS model,
  CASE WHEN key(powertrain) IS NULL THEN '*' ELSE key(powertrain) END AS powertrain,
  num(first_service_months) AS first_months, num(first_service_km) AS first_km, num(months) AS months, num(km) AS km
FROM raw_schedules WHERE num(first_service_months) > 0 AND num(first_service_km) > 0 AND num(months) > 0 AND num(km) > 0;

CREATE OR REPLACE TABLE schedules AS
SELECT r.relation,
  coalesce(arg_min(s.first_months, s.rank), CASE WHEN any_value(r.powertrain) = 3 THEN 6 ELSE 3 END) AS first_months,
  coalesce(arg_min(s.first_km, s.rank), CASE WHEN any_value(r.powertrain) = 3 THEN 10000 ELSE 5000 END) AS first_km,
  coalesce(arg_min(s.months, s.rank), CASE WHEN any_value(r.powertrain) = 3 THEN 12 ELSE 6 END) AS months,
  coalesce(arg_min(s.km, s.rank), CASE WHEN any_value(r.powertrain) = 3 THEN 20000 ELSE 7500 END) AS km
FROM relations r LEFT JOIN (
  SELECT *, CASE WHEN model <> '*' AND powertrain <> '*' THEN 1 WHEN model <> '*' THEN 2 WHEN powertrain <> '*' THEN 3
    ELSE 4 END AS rank FROM schedule_rows) s
  ON s.model IN ('*', r.model) AND s.powertrain IN ('*', ['ICE', 'HEV', 'PHEV', 'BEV'][r.powertrain + 1])
GROUP BY r.relation;

-- What customers said. Scores are kept in single precision.
CREATE OR REPLACE TABLE surveys AS
SELECT * FROM (
  SELECT c.golden AS customer, s.file_row, dated(date) AS day, half(kind) AS kind, num(score) AS score,
    coalesce(key(item), 'overall') AS item, key(survey_id) AS survey_id,
    coalesce(num(scale_min), CASE WHEN half(kind) = 'nps' THEN 0 ELSE 1 END) AS low,
    coalesce(num(scale_max), CASE WHEN half(kind) = 'nps' THEN 10 ELSE 5 END) AS high
  FROM raw_surveys s JOIN customers c ON c.customer_id = key(s.customer_id))
WHERE day IS NOT NULL AND score BETWEEN low AND high AND high > low;

-- The same survey twice: the earlier answer counts.
CREATE OR REPLACE TABLE answers AS
SELECT customer, file_row, day, kind, ((score - low) / (high - low))::FLOAT::DOUBLE AS share
FROM surveys WHERE item = 'overall'
QUALIFY survey_id IS NULL OR row_number() OVER (PARTITION BY customer, kind, survey_id ORDER BY day, file_row) = 1;
CREATE OR REPLACE TABLE item_scores AS
SELECT customer, day, ((score - low) / (high - low))::FLOAT::DOUBLE AS share FROM surveys WHERE item <> 'overall';

CREATE OR REPLACE TABLE complaints AS
SELECT c.golden AS customer, dated(opened_on) AS opened, dated(closed_on) AS closed, dated(reopened_on) AS reopened,
  coalesce(num(severity), 0) AS severity, TRY_CAST(satisfied AS BOOLEAN) AS satisfied
FROM raw_complaints k JOIN customers c ON c.customer_id = key(k.customer_id) WHERE dated(opened_on) IS NOT NULL;

CREATE OR REPLACE TABLE packages AS
SELECT upper(key(vin)) AS vin, dated(bought_on) AS bought, dated(expires_on) AS expires, num(visits_total) AS visits
FROM raw_packages WHERE dated(bought_on) IS NOT NULL;

CREATE OR REPLACE TABLE advisers AS
SELECT key(adviser_id) AS adviser, arg_max(coalesce(dated(active_to), DATE '9999-12-31'), file_row) AS active_to
FROM raw_advisers WHERE key(adviser_id) IS NOT NULL GROUP BY 1;

-- Who can be reached, and where they live to a hundredth of a degree.
CREATE OR REPLACE TABLE people AS
SELECT c.customer_id, c.name, CASE WHEN p.names_of_phone > 3 THEN '' ELSE c.phone END AS phone,
  key(r.city) AS city, key(r.district) AS district, dated(r.registered_on) AS registered,
  CASE WHEN abs(num(latitude)) <= 90 AND abs(num(longitude)) <= 180 AND (num(latitude) <> 0 OR num(longitude) <> 0)
    THEN (floor(num(latitude) * 100) + 0.5) / 100 END AS latitude,
  CASE WHEN abs(num(latitude)) <= 90 AND abs(num(longitude)) <= 180 AND (num(latitude) <> 0 OR num(longitude) <> 0)
    THEN (floor(num(longitude) * 100) + 0.5) / 100 END AS longitude,
  half(preferred_channel) = 'wechat' OR key(wechat) IS NOT NULL AS has_wechat, half(preferred_channel) = 'app' AS has_app,
  email LIKE '_%@_%' AS has_email, key(address) IS NOT NULL AS has_address
FROM customer_phones c JOIN raw_customers r ON key(r.customer_id) = c.customer_id AND r.file_row = c.file_row
LEFT JOIN (SELECT phone, max(names_of_phone) AS names_of_phone FROM persons GROUP BY phone) p ON p.phone = c.phone;

-- Valid numbers: 7 to 15 digits; of 11 that begin with 1 only those of mobile networks.
CREATE OR REPLACE TABLE channels AS
SELECT customer_id, channel FROM (
  SELECT customer_id, unnest([
    CASE WHEN length(phone) BETWEEN 7 AND 15 AND NOT (length(phone) = 11 AND phone LIKE '1%' AND phone < '13') THEN 'phone' END,
    CASE WHEN length(phone) = 11 AND phone LIKE '1%' AND phone >= '13' THEN 'sms' END,
    CASE WHEN has_wechat THEN 'wechat' END, CASE WHEN has_email THEN 'email' END,
    CASE WHEN has_address THEN 'post' END, CASE WHEN has_app THEN 'app' END]) AS channel FROM people)
WHERE channel IS NOT NULL;

CREATE OR REPLACE TABLE stores AS
SELECT key(dealer_id) AS dealer, num(latitude) AS latitude, num(longitude) AS longitude FROM raw_dealers
WHERE key(dealer_id) IS NOT NULL;

-- What was done and declined.
CREATE OR REPLACE TABLE items AS
SELECT o.customer, o.vin, o.position, coalesce(TRY_CAST(declined AS BOOLEAN), false) AS is_declined, cents(amount) AS amount,
  CASE WHEN list_contains(['oil', 'filter', 'tyre', 'brake', 'battery', 'wiper', 'air_con', 'body', 'engine', 'gearbox',
    'electrical', 'other'], half(job_category)) THEN half(job_category) ELSE 'other' END AS category
FROM raw_visit_items i JOIN orders o ON o.visit_id = i.visit_id WHERE key(job_category) IS NOT NULL;

-- Policies, recalls and recommendations.
CREATE OR REPLACE TABLE every_vehicle AS
SELECT vin, delivered, model_year FROM vehicles UNION ALL SELECT DISTINCT vin, NULL, NULL FROM assigned WHERE vin NOT IN (SELECT vin FROM vehicles);
CREATE OR REPLACE TABLE policies AS
SELECT * FROM (
  SELECT v.vin, p.file_row, dated(starts_on) AS begins, dated(ends_on) AS ends, TRY_CAST(sold_here AS BOOLEAN) AS sold_here,
    cents(premium) AS premium, cents(commission) AS commission, delivered, model_year
  FROM raw_insurance p JOIN every_vehicle v ON v.vin = upper(key(p.vin)))
WHERE begins <= ends AND ends - begins <= 1830 AND NOT is_before(begins, delivered, model_year);
CREATE OR REPLACE TABLE recalls AS
SELECT upper(key(vin)) AS vin, dated(opened_on) AS opened, greatest(dated(done_on), dated(opened_on)) AS done,
  dated(done_on) IS NOT NULL AS is_done FROM raw_recalls WHERE dated(opened_on) IS NOT NULL;
CREATE OR REPLACE TABLE referrals AS
SELECT c.golden AS referrer, p.customer AS buyer, p.day FROM purchases p JOIN customers c ON c.customer_id = p.referred_by
WHERE c.golden <> p.customer;

-- Contacts, bookings and statements of consent. A vehicle that nobody knows is none.
CREATE OR REPLACE TABLE contacts AS
SELECT c.golden AS customer, t.file_row, stamp("at")::DATE AS day, half(channel) AS channel, half(purpose) AS purpose,
  half(outcome) AS outcome, dated(promised_on) AS promised, v.vin,
  coalesce(half(outcome) IN ('reached', 'refused', 'promised', 'booked'), false) AS is_answered,
  coalesce(half(outcome) IN ('no_answer', 'invalid', 'failed'), false) AS is_in_vain
FROM raw_contacts t JOIN customers c ON c.customer_id = key(t.customer_id)
LEFT JOIN every_vehicle v ON v.vin = upper(key(t.vin)) WHERE stamp("at") IS NOT NULL;
CREATE OR REPLACE TABLE appointments AS
SELECT c.golden AS customer, stamp(booked_at)::DATE AS booked, dated(for_date) AS day, half(state) AS state, v.vin
FROM raw_appointments a JOIN customers c ON c.customer_id = key(a.customer_id)
LEFT JOIN every_vehicle v ON v.vin = upper(key(a.vin)) WHERE stamp(booked_at)::DATE <= dated(for_date);

-- One row a channel and purpose. What is not understood refuses all it may mean, and grants nothing.
CREATE OR REPLACE TABLE statements AS
SELECT customer, said_at, is_granted, unnest(said_channels) AS channel, purpose FROM (
  SELECT *, unnest(said_purposes) AS purpose FROM (
    SELECT c.golden AS customer, stamp("at") AS said_at, coalesce(TRY_CAST(granted AS BOOLEAN), false) AS is_granted,
      CASE WHEN list_contains(['marketing', 'profiling', 'service', 'care'], half(purpose)) THEN [half(purpose)]
        WHEN coalesce(TRY_CAST(granted AS BOOLEAN), false) THEN [] ELSE ['marketing', 'profiling', 'service', 'care'] END AS said_purposes,
      CASE WHEN NOT list_contains(['marketing', 'profiling', 'service', 'care'], coalesce(half(purpose), ''))
          THEN ['phone', 'sms', 'wechat', 'email', 'post', 'app']
        WHEN list_contains(['phone', 'sms', 'wechat', 'email', 'post', 'app'], half(channel)) THEN [half(channel)]
        WHEN half(channel) <> 'all' AND coalesce(TRY_CAST(granted AS BOOLEAN), false) THEN []
        ELSE ['phone', 'sms', 'wechat', 'email', 'post', 'app'] END AS said_channels
    FROM raw_consents s JOIN customers c ON c.customer_id = key(s.customer_id) WHERE stamp("at") IS NOT NULL));
