-- Visits of the minute in which the goods were opened, for the funnel; counted like entries.
alter table room_minutes add column looks int not null default 0 check (looks >= 0);
