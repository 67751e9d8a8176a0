-- A line keeps the mark and the level with which it was said, so that it looks the same after a restart.
alter table room_chat add column badge text check (badge in ('official', 'host', 'assistant', 'moderator'));
alter table room_chat add column level int check (level >= 1);
create or replace view shown_chat as
  select c.room_id, c.id, c.user_id, c.name, c.from_host, c.said_at, c.body, c.badge, c.level from room_chat c
  where not exists (select from chat_tombstones t where t.room_id = c.room_id and t.line_id = c.id);
