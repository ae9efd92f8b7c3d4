# A tree in and out, parts, a presigned URL, versions.
# Debian's own first: another one may be a stub of some tool for versions.
aws=aws
if [ -x /usr/bin/aws ]; then
  aws=/usr/bin/aws
fi
if [ "$1" = installed ]; then
  $aws --version
  exit
fi
s3="$aws --endpoint-url $ENDPOINT s3"
api="$aws --endpoint-url $ENDPOINT s3api"
# The first version presigns by signature 2 otherwise, which S3 gave up long ago.
$aws configure set default.s3.signature_version s3v4
mkdir -p tree/a/b "tree/with space"
head -c 20000000 /dev/urandom > tree/large
echo one > tree/a/b/one.txt
echo two > "tree/with space/ü+%.txt"
$s3 mb s3://awscli-test
$s3 sync tree s3://awscli-test/tree
$s3 ls --recursive s3://awscli-test/
$s3 sync s3://awscli-test/tree back
diff -r tree back
$s3 cp s3://awscli-test/tree/large s3://awscli-test/copy
$s3 cp s3://awscli-test/copy - | cmp - tree/large
curl -fsS "$($s3 presign s3://awscli-test/tree/a/b/one.txt)" | cmp - tree/a/b/one.txt
$api put-bucket-versioning --bucket awscli-test --versioning-configuration Status=Enabled
echo new | $s3 cp - s3://awscli-test/tree/a/b/one.txt
test "$($api list-object-versions --bucket awscli-test --prefix tree/a/b/one.txt --query 'length(Versions)')" = 2
$s3 mv s3://awscli-test/copy s3://awscli-test/moved
$s3 rm --recursive s3://awscli-test/tree
test -z "$($s3 ls s3://awscli-test/tree/)"
