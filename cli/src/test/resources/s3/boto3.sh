# The SDK for Python: what scripts do.
# Debian's boto3 and another Python's differ by years: each that is there is tried.
pythons=
for python in /usr/bin/python3 python3; do
  if $python -c 'import boto3' 2>/dev/null; then
    pythons="$pythons $python"
  fi
done
if [ "$1" = installed ]; then
  test -n "$pythons"
  exit
fi
cat > test.py <<'EOF'
import io, os, urllib.error, urllib.request, boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
bucket = "boto3-test"
s3.create_bucket(Bucket=bucket)
data = os.urandom(13_000_000)
s3.upload_fileobj(io.BytesIO(data), bucket, "large ü", Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
out = io.BytesIO()
s3.download_fileobj(bucket, "large ü", out)
assert out.getvalue() == data
assert s3.head_object(Bucket=bucket, Key="large ü")["ETag"].endswith('-3"')
for i in range(25):
    s3.put_object(Bucket=bucket, Key=f"many/{i:02}", Body=b"x" * i, Metadata={"i": str(i)})
keys = [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="many/", PaginationConfig={"PageSize": 10}) for o in page["Contents"]]
assert keys == [f"many/{i:02}" for i in range(25)], keys
assert s3.get_object(Bucket=bucket, Key="many/07", Range="bytes=2-4")["Body"].read() == b"xxx"
url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "many/03"})
assert urllib.request.urlopen(url).read() == b"xxx"
post = s3.generate_presigned_post(bucket, "form/${filename}", Conditions=[["content-length-range", 1, 10]])
def form(content):
    parts = [f'--frontier\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in post["fields"].items()]
    parts.append(f'--frontier\r\nContent-Disposition: form-data; name="file"; filename="a b.txt"\r\nContent-Type: text/plain\r\n\r\n{content}\r\n--frontier--\r\n')
    return urllib.request.urlopen(urllib.request.Request(
        post["url"], data="".join(parts).encode(), headers={"Content-Type": "multipart/form-data; boundary=frontier"}))
assert form("by form").status == 204
assert s3.get_object(Bucket=bucket, Key="form/a b.txt")["Body"].read() == b"by form"
try:
    form("more than ten bytes")
    raise AssertionError("taken")
except urllib.error.HTTPError as e:
    assert b"EntityTooLarge" in e.read()
try:
    s3.get_object(Bucket=bucket, Key="absent")
    raise AssertionError("found")
except ClientError as e:
    assert e.response["Error"]["Code"] == "NoSuchKey"
deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys + ["large ü", "form/a b.txt"]]})
assert len(deleted["Deleted"]) == 27
s3.delete_bucket(Bucket=bucket)
print("done")
EOF
for python in $pythons; do
  $python test.py
done
