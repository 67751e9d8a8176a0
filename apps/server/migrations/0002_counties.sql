-- The division tree and the register of the 832 listed counties. Both are facts that ship in data/*.csv and are loaded
-- after the migrations whenever a file has changed; nothing in the application writes them.

create table divisions (
  code int primary key check (code between 110000 and 999999),
  -- zone: a statistical zone at county level; virtual: a row that only holds counties together (市辖区, 省直辖县级行政区划).
  level text not null check (level in ('province', 'prefecture', 'county', 'zone', 'virtual')),
  name text not null check (char_length(name) between 1 and 60),
  -- Deferred, so that a load may bring a child before its parent.
  parent_code int references divisions (code) deferrable initially deferred,
  check ((level = 'province') = (parent_code is null))
);
create index divisions_by_parent on divisions (parent_code, code);

-- The key is the register's own: one county of the list has no division code of its own any more.
create table listed_counties (
  key text primary key,
  division_code int unique references divisions (code),
  -- Name and parent only where there is no code to look them up by.
  name text,
  parent_code int references divisions (code),
  -- The assessment year; the announcement followed in the next year, for 2020 in the same.
  year_lifted int not null check (year_lifted between 2016 and 2020),
  year_certain boolean not null default true,
  remaining_2020_03 boolean not null generated always as (year_lifted = 2020) stored,
  check ((division_code is null) = (name is not null and parent_code is not null))
);

-- Which content of which file is in the tables, so that an unchanged file is not loaded again.
create table county_facts_loaded (
  file text primary key,
  hash text not null,
  loaded_at timestamptz not null default now()
);

-- The place name of a county-level division, from province to county, as a letter would carry it. prefecture is empty
-- where a county belongs to no prefecture (重庆市 云阳县, 广东省 东莞市).
create view places as
  select county.code,
    coalesce(province.name, above.name) as province,
    case above.level when 'prefecture' then above.name else '' end as prefecture,
    county.name as county
  from divisions county
  join divisions above on above.code = county.parent_code
  left join divisions province on province.code = above.parent_code
  where county.level in ('county', 'zone');

alter table grants add constraint grants_county foreign key (county_code) references divisions (code);
alter table addresses add constraint addresses_region foreign key (region_code) references divisions (code);
