-- other_store_share
SELECT v.relation, avg((v.dealer IS DISTINCT FROM b.home)::DOUBLE) AS value
FROM visits730 v JOIN begun b USING (relation) WHERE b.home IS NOT NULL GROUP BY 1;
-- appt_rate_730
SELECT relation, avg(booked::DOUBLE) AS value FROM visits730 GROUP BY 1;
