-- The index of words alone: trial_words answers for it.
-- Locks out everybody for an instant. Older code goes on.
DROP INDEX trial_search;
