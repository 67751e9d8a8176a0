-- Hearts of a whole show, written down every few seconds; and rooms for practice, which only the host's own team may enter.

alter table rooms add column likes bigint not null default 0 check (likes >= 0);
alter table rooms add column practice boolean not null default false;
