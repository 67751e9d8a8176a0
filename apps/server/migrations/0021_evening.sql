-- Minutes of a show, for its report. A run of the process (writer) overwrites its own rows and no others, so writing again does no harm;
-- readers add the rows of a minute. watched_s are seconds of watching: one viewer for the whole minute is 60. likes and chat are
-- of the whole room, whoever writes: hearts since the show began, and lines that were said in the minute.

create table room_minutes (
  room_id bigint not null references rooms (id),
  minute timestamptz not null,
  writer uuid not null,
  watched_s int not null check (watched_s >= 0),
  viewers_max int not null check (viewers_max >= 0),
  sockets_max int not null check (sockets_max >= 0),
  -- Viewers who came in, those who were waiting when it began among them.
  entries int not null check (entries >= 0),
  likes bigint not null check (likes >= 0),
  chat int not null check (chat >= 0),
  primary key (room_id, minute, writer)
);

-- What a room sold. Only paid orders of rooms are in it: placing an order, which is the hot path, does not touch it (an order is held
-- when it is placed), and new entries of a room meet at the end of its part.
create index orders_of_room on orders (room_id, created_at) where room_id is not null and paid_at is not null;
-- Where a SKU was explained, for its page.
create index room_pins_by_sku on room_pins (shop_id, sku_id);
