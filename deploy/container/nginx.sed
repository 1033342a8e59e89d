# What is otherwise in compose.yml than in the example of deploy/: two nodes, and where the files lie.
s|server 127\.0\.0\.1:8000 max_fails=0;|server node1:8000 max_fails=0; server node2:8000 max_fails=0;|
s|/srv/portal/var/files/|/srv/portal/files/|
