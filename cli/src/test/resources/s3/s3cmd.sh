# Objects, parts, a synchronised tree, metadata.
if [ "$1" = installed ]; then
  s3cmd --version
  exit
fi
cat > s3cfg <<EOF
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = $HOST
host_bucket = $HOST
use_https = False
EOF
s3="s3cmd -c s3cfg --no-progress"
mkdir -p tree/a
head -c 12000000 /dev/urandom > tree/large
echo one > "tree/a/one two.txt"
$s3 mb s3://s3cmd-test
$s3 put --multipart-chunk-size-mb=5 --add-header=x-amz-meta-color:blue tree/large s3://s3cmd-test/large
$s3 info s3://s3cmd-test/large | grep -i color
$s3 get s3://s3cmd-test/large back
cmp tree/large back
$s3 sync tree/ s3://s3cmd-test/tree/
mkdir out
$s3 sync s3://s3cmd-test/tree/ out/
diff -r tree out
$s3 cp s3://s3cmd-test/large s3://s3cmd-test/copy
$s3 mv s3://s3cmd-test/copy s3://s3cmd-test/moved
$s3 ls s3://s3cmd-test/ | grep moved
$s3 del --recursive --force s3://s3cmd-test/
$s3 rb s3://s3cmd-test
