-- What was handed to a carrier for an order. One parcel an order; the order's state is in orders and moves with it.
create table parcels (
  shop_id bigint not null,
  order_id bigint not null,
  carrier text not null check (char_length(carrier) between 1 and 40),
  tracking_number text not null check (tracking_number ~ '^[A-Z0-9-]{6,40}$'),
  shipped_by bigint not null,
  shipped_at timestamptz not null,
  primary key (shop_id, order_id)
);
