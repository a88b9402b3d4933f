CREATE INDEX submissions_waiting ON submissions (queued, (state <> 'open'), rank, number);
CREATE INDEX submissions_claims ON submissions (claimed_by, claimed_until);
CREATE INDEX submissions_held ON submissions (claimed_until);
