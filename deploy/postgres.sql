-- Each service has a database of its own; the image makes that of orders.
CREATE DATABASE inventory;
