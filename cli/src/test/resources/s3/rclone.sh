# A tree there and back, checked by its sums; large files in parts; a move and a purge.
if [ "$1" = installed ]; then
  rclone version
  exit
fi
cat > rclone.conf <<EOF
[moorage]
type = s3
provider = Other
access_key_id = $AWS_ACCESS_KEY_ID
secret_access_key = $AWS_SECRET_ACCESS_KEY
endpoint = $ENDPOINT
region = us-east-1
EOF
r="rclone --config rclone.conf --s3-upload-cutoff 5M --s3-chunk-size 5M"
mkdir -p tree/a/b/c tree/empty
head -c 16000000 /dev/urandom > tree/large
for i in 1 2 3 4 5 6 7 8 9 10; do echo $i > "tree/a/b/c/file $i"; done
$r mkdir moorage:rclone-test
$r sync tree moorage:rclone-test/tree
$r check tree moorage:rclone-test/tree
$r check --download tree moorage:rclone-test/tree
$r copy moorage:rclone-test/tree back
cmp tree/large back/large
diff -r tree/a back/a
$r moveto moorage:rclone-test/tree/large moorage:rclone-test/moved
$r lsf -R moorage:rclone-test | grep -x moved
$r cat moorage:rclone-test/moved | cmp - tree/large
$r purge moorage:rclone-test
