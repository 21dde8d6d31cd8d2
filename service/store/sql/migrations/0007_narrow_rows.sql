-- Searches read many rows and of each only a few small columns; long ones beside them make them read seven times as much.
-- Locks out writers and VACUUM for an instant, no reader. Older code goes on. Rows stored from now on are narrow; others
-- become so when they are stored anew.
ALTER TABLE trial SET (toast_tuple_target = 256);
