// Between fork and exec: what Swift cannot do there.
