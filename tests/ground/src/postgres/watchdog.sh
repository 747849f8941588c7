# Stops the shared server when nobody has used it for a while. Whoever uses it holds a lock on `users`, which the kernel
# takes back from a process however it ends. `start` is held while somebody looks whether the server is there, so that it is
# not stopped under their eyes.
home=$1 run=$2
shift 2
exec 8>>"$home/start" 9>>"$home/users"
idle=0
while [ $idle -lt 3 ]; do
  sleep 3 8>&- 9>&-
  flock 8
  if flock --exclusive --nonblock 9; then idle=$((idle + 1)); else idle=0; fi
  # What is said last is done before `start` is free again.
  if [ $idle -lt 3 ]; then flock --unlock 9; flock --unlock 8; fi
done
"$@" 8>&- 9>&-
rm -rf "$run"
