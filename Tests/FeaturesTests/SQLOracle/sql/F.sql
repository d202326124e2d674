-- other_store_share
SELECT v.relation, avg((v.dealer IS DISTINCT FROM b.home)::DOUBLE) AS value
FROM visits730 v JOIN begun b USING (relation) WHERE b.home IS NOT NULL GROUP BY 1;
-- appt_rate_730
SELECT relation, avg(booked::DOUBLE) AS value FROM visits730 GROUP BY 1;
-- dist_km
SELECT relation, 2 * 6371.0088 * asin(least(1, sqrt(pow(sin(radians(s.latitude - p.latitude) / 2), 2)
  + cos(radians(p.latitude)) * cos(radians(s.latitude)) * pow(sin(radians(s.longitude - p.longitude) / 2), 2)))) AS value
FROM begun b JOIN people p ON p.customer_id = b.customer JOIN stores s ON s.dealer = b.home WHERE p.latitude IS NOT NULL;
-- moved_365
WITH places AS (
  SELECT c.golden AS customer, p.registered, coalesce(p.city, '') || '|' || coalesce(p.district, '') AS place,
    lag(coalesce(p.city, '') || '|' || coalesce(p.district, '')) OVER (PARTITION BY c.golden ORDER BY p.registered, c.file_row) AS before
  FROM people p JOIN customers c USING (customer_id) WHERE since(p.registered) >= 0 AND (p.city IS NOT NULL OR p.district IS NOT NULL))
SELECT b.relation, (count(*) FILTER (since(registered) < 365 AND place <> before) > 0)::DOUBLE AS value
FROM begun b JOIN places USING (customer) GROUP BY 1 HAVING count(*) >= 2;
-- plate_away
WITH heads AS (
  SELECT *, CASE WHEN regexp_matches(upper(half(translate(plate, 'ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｊｋｌｍｎｐｑｒｓｔｕｖｗｘｙｚ',
    'ABCDEFGHJKLMNPQRSTUVWXYZABCDEFGHJKLMNPQRSTUVWXYZ'))), '^[一-鿿][A-Z].') THEN substr(upper(half(translate(plate,
    'ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｊｋｌｍｎｐｑｒｓｔｕｖｗｘｙｚ', 'ABCDEFGHJKLMNPQRSTUVWXYZABCDEFGHJKLMNPQRSTUVWXYZ'))), 1, 2) END AS head
  FROM begun)
SELECT h.relation, (count(*) FILTER (o.head = h.head) * 10 < count(*))::DOUBLE AS value
FROM heads h JOIN heads o ON o.home = h.home AND o.is_current AND o.head IS NOT NULL WHERE h.head IS NOT NULL GROUP BY 1 HAVING count(*) >= 20;
-- noshow_365
SELECT relation, (SELECT count(*) FROM appointments a WHERE a.customer = b.customer AND coalesce(a.vin = b.vin, true)
  AND since(a.booked) >= 0 AND since(a.day) >= 0 AND since(a.day) < 365 AND state = 'no_show')::DOUBLE AS value FROM begun b;
