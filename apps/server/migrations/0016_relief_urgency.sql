-- One expression without a FROM, so that the planner puts it into the query: 100,000 open cases are then sorted and summed in a
-- tenth of the time. date_part gives a float where extract gives a numeric, which is ten times slower.
create or replace function relief_urgency(left_g bigint, spoils_at timestamptz, households int, at timestamptz) returns int
language sql immutable parallel safe as $f$
  select floor(500 * sqrt(sqrt(least(1, ceil(greatest(0, left_g)::float8
        / greatest(1, coalesce(floor(date_part('epoch', spoils_at - at) / 86400), 365))) / 1e9))))::int
    + (350 * (30 - least(30, greatest(0, coalesce(floor(date_part('epoch', spoils_at - at) / 86400), 30))::int))) / 30
    + floor(150 * sqrt(least(1, coalesce(households, 0)::float8 / 2500)))::int
$f$;
