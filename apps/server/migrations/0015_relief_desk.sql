-- Relief: what the desk's board sorts and sums over 100,000 cases.

-- Kept by a job every minute from the order lines of the case's lots, so that the board needs no sum over lines: grams put on
-- sale, sold, and sold until the produce's clock ended. What is shown of a single case is always asked afresh.
alter table relief_cases
  add column listed_g bigint not null default 0 check (listed_g >= 0),
  add column sold_g bigint not null default 0 check (sold_g >= 0),
  add column sold_in_time_g bigint not null default 0 check (sold_in_time_g >= 0);

-- 0 to 1000; apps/server/src/relief/urgency.ts says the same and a test holds the two together. Square roots are rounded alike
-- by every IEEE machine, logarithms are not.
create function relief_urgency(left_g bigint, spoils_at timestamptz, households int, at timestamptz) returns int
language sql immutable parallel safe as $f$
  select floor(500 * sqrt(sqrt(least(1, ceil(greatest(0, left_g)::float8 / days.spread) / 1e9))))::int
    + (350 * (30 - days.counted)) / 30
    + floor(150 * sqrt(least(1, coalesce(households, 0)::float8 / 2500)))::int
  from (select case when spoils_at is null then 365 else greatest(1, whole) end as spread,
          case when spoils_at is null then 30 else least(30, whole) end as counted
        from (select greatest(0, floor(extract(epoch from spoils_at - at) / 86400))::int as whole) d) days
$f$;

-- The columns of the board; those that ended with the latest end first.
create index relief_cases_by_stage on relief_cases (stage, stage_since desc, id desc);
create index relief_cases_by_owner on relief_cases (owner_id, id)
  where owner_id is not null and stage not in ('closed', 'rejected', 'expired', 'merged');
-- What the job every minute looks for.
create index relief_cases_spoiling on relief_cases (spoils_at)
  where spoils_at is not null and stage not in ('closed', 'rejected', 'expired', 'merged');
create index relief_cases_verified_by on relief_cases (verified_by) where verified_by is not null;
