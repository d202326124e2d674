-- cmp_365
SELECT b.relation, count(c.opened)::DOUBLE AS value FROM begun b LEFT JOIN known_complaints c ON c.customer = b.customer AND since(c.opened) < 365 GROUP BY 1;
-- cmp_open
SELECT b.relation, count(c.opened)::DOUBLE AS value FROM begun b LEFT JOIN known_complaints c ON c.customer = b.customer AND c.is_open GROUP BY 1;
-- cmp_open_days
SELECT b.relation, coalesce(max(since(c.opened)), 0) AS value FROM begun b LEFT JOIN known_complaints c ON c.customer = b.customer AND c.is_open GROUP BY 1;
-- cmp_sev
SELECT b.relation, coalesce(max(c.severity), 0) AS value FROM begun b LEFT JOIN known_complaints c ON c.customer = b.customer AND since(c.opened) < 365 GROUP BY 1;
-- cmp_reopen
SELECT b.relation, count(c.opened)::DOUBLE AS value FROM begun b LEFT JOIN known_complaints c ON c.customer = b.customer
  AND (coalesce(since(c.reopened) BETWEEN 0 AND 729, false)
    OR coalesce(since(c.closed) BETWEEN 0 AND 729 AND NOT c.satisfied, false)) GROUP BY 1;
-- cmp_after_last
SELECT d.relation, (count(c.opened) > 0)::DOUBLE AS value FROM due d
LEFT JOIN known_complaints c ON c.customer = d.customer AND c.opened > coalesce(d.any_last, d.starts) GROUP BY 1;
