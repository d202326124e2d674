-- The canonical tables, prepared once for every as-of date. Days are whole numbers since 1970-01-01.
--
-- `customers_read`, `visits_read`, … are views of the files' wanted columns; `until` is the last as-of date.

CREATE TEMP TABLE customers AS
SELECT customer_id, owner_type, CAST(row_number() OVER () AS INTEGER) AS customer
FROM customers_read;

-- One row per customer and vehicle.
CREATE TEMP TABLE relations AS
WITH held AS (
  SELECT vin, customer_id, min("from") AS begun, arg_max_null("to", "from") AS ended
  FROM ownerships_read
  GROUP BY vin, customer_id
), pairs AS (
  SELECT vin, customer_id, begun, ended FROM held
  UNION ALL
  SELECT vin, customer_id, NULL, NULL FROM vehicles_read ANTI JOIN held USING (vin, customer_id)
), bought AS (
  SELECT DISTINCT vin, customer_id FROM purchases_read
)
SELECT
  CAST(row_number() OVER () AS INTEGER) AS relation, customers.customer, pairs.customer_id, pairs.vin,
  customers.owner_type, vehicles.powertrain, vehicles.use_type, vehicles.list_price, vehicles.warranty_km,
  day_of(coalesce(pairs.begun, vehicles.delivered_on)) AS begun, day_of(pairs.ended) AS ended,
  day_of(vehicles.delivered_on) AS delivered, day_of(vehicles.warranty_ends_on) AS warranty_end,
  CASE WHEN bought.vin IS NULL THEN 0e0 ELSE 1e0 END AS bought_here,
  CAST(coalesce(special.first_service_months, general.first_service_months, 3) AS DOUBLE) AS first_service_months,
  CAST(coalesce(special.first_service_km, general.first_service_km, 5000) AS DOUBLE) AS first_service_km,
  CAST(coalesce(special.months, general.months, 6) AS DOUBLE) AS months,
  CAST(coalesce(special.km, general.km, 7500) AS DOUBLE) AS km
FROM pairs
JOIN vehicles_read AS vehicles ON vehicles.vin = pairs.vin
JOIN customers ON customers.customer_id = pairs.customer_id
LEFT JOIN bought ON bought.vin = pairs.vin AND bought.customer_id = pairs.customer_id
LEFT JOIN schedules_read AS general ON general.model = '*' AND general.powertrain = vehicles.powertrain
LEFT JOIN schedules_read AS special
  ON special.model <> '*' AND special.model = vehicles.model AND special.powertrain = vehicles.powertrain
WHERE coalesce(pairs.begun, vehicles.delivered_on) IS NOT NULL;

-- Numbers for advisers and stores: texts are compared once only.
CREATE TEMP TABLE advisers AS
SELECT adviser_id, CAST(row_number() OVER () AS INTEGER) AS adviser, day_of(active_to) AS adviser_left
FROM (SELECT DISTINCT adviser_id FROM visits_read WHERE adviser_id IS NOT NULL)
LEFT JOIN advisers_read USING (adviser_id);

CREATE TEMP TABLE stores AS
SELECT dealer_id, CAST(row_number() OVER () AS INTEGER) AS store
FROM (SELECT DISTINCT dealer_id FROM visits_read WHERE dealer_id IS NOT NULL);

-- What each of the few combinations of classes means; those that are no visit are left out.
CREATE TEMP TABLE meanings AS
SELECT
  classes, list_has_any(kinds, ['first_service', 'maintenance']) AS maintenance,
  list_contains(kinds, 'repair') AS repair, list_has_any(kinds, ['warranty', 'recall']) AS warranty,
  list_contains(kinds, 'rework') AS rework
FROM (SELECT classes, string_split(classes, '|') AS kinds FROM (SELECT DISTINCT classes FROM visits_read))
WHERE NOT list_has_all(['presale', 'internal', 'counter_sale'], kinds);

-- Settled orders, which become visits below.
CREATE TEMP TABLE visits AS
SELECT
  relation, epoch_us(opened_at) AS opened, day_of(CAST(opened_at AS DATE)) AS day, store, adviser,
  maintenance, warranty, rework, maintenance OR (repair AND coalesce(customer_paid, 0) > 0) AS qualified,
  coalesce(customer_paid, 0) + coalesce(package_paid, 0) AS paid, coalesce(discount, 0) AS discount,
  coalesce(unpaid, 0) AS unpaid, CAST(odometer_km AS DOUBLE) AS odometer,
  (epoch_us(closed_at) - epoch_us(opened_at)) / 3.6e9 AS hours
FROM visits_read
JOIN meanings USING (classes)
JOIN relations USING (vin, customer_id)
LEFT JOIN stores USING (dealer_id)
LEFT JOIN advisers USING (adviser_id)
WHERE coalesce(status, 'settled') = 'settled' AND day_of(CAST(opened_at AS DATE)) <= getvariable('until');

-- Successive orders of one vehicle at one store at most a day apart are one visit. Few relations have any: only they
-- are sorted.
CREATE TEMP TABLE crowded AS
SELECT DISTINCT relation FROM (
  SELECT relation FROM visits GROUP BY relation, store, day HAVING count(*) > 1
  UNION ALL
  SELECT earlier.relation
  FROM visits AS earlier
  JOIN visits AS later
    ON later.relation = earlier.relation AND later.store IS NOT DISTINCT FROM earlier.store AND later.day = earlier.day + 1
);

CREATE TEMP TABLE merged AS
WITH marked AS (
  SELECT
    *,
    day - lag(day) OVER history <= 1 AND store IS NOT DISTINCT FROM lag(store) OVER history IS TRUE AS continues
  FROM visits SEMI JOIN crowded USING (relation)
  WINDOW history AS (PARTITION BY relation ORDER BY opened)
), parts AS (
  SELECT *, count_if(NOT continues) OVER (PARTITION BY relation ORDER BY opened) AS visit
  FROM marked
)
SELECT
  relation, min(opened) AS opened, min(day) AS day, any_value(store) AS store, arg_max_null(adviser, opened) AS adviser,
  bool_or(maintenance) AS maintenance, bool_or(warranty) AS warranty, bool_or(rework) AS rework,
  bool_or(qualified) AS qualified, sum(paid) AS paid, sum(discount) AS discount, sum(unpaid) AS unpaid,
  max(odometer) AS odometer, max(hours) AS hours
FROM parts
GROUP BY relation, visit;

DELETE FROM visits WHERE relation IN (FROM crowded);
INSERT INTO visits FROM merged;

CREATE TEMP TABLE surveys AS
SELECT
  customer, day_of(date) AS day,
  (score - coalesce(scale_min, 0)) / CAST(coalesce(scale_max, 10) - coalesce(scale_min, 0) AS DOUBLE) AS score
FROM surveys_read JOIN customers USING (customer_id)
WHERE day_of(date) <= getvariable('until');

CREATE TEMP TABLE complaints AS
SELECT customer, day_of(opened_on) AS day, day_of(closed_on) AS closed, severity
FROM complaints_read JOIN customers USING (customer_id)
WHERE day_of(opened_on) <= getvariable('until');
