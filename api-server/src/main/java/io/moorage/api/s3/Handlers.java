package io.moorage.api.s3;

import io.moorage.api.s3.bucket.BucketOperations;
import io.moorage.api.s3.bucket.BucketPolicies;
import io.moorage.api.s3.bucket.BucketRegistry;
import io.moorage.api.s3.bucket.BucketSettings;
import io.moorage.api.s3.bucket.Lifecycles;
import io.moorage.api.s3.bucket.Settings;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.endpoint.Dispatcher.BucketHandler;
import io.moorage.api.s3.listing.ObjectLists;
import io.moorage.api.s3.listing.VersionLists;
import io.moorage.api.s3.multipart.Completions;
import io.moorage.api.s3.multipart.MultipartUploads;
import io.moorage.api.s3.multipart.UploadLists;
import io.moorage.api.s3.multipart.UploadParts;
import io.moorage.api.s3.object.ObjectAttributes;
import io.moorage.api.s3.object.ObjectDeletes;
import io.moorage.api.s3.object.ObjectReads;
import io.moorage.api.s3.object.ObjectRestores;
import io.moorage.api.s3.object.ObjectSettings;
import io.moorage.api.s3.object.ObjectWrites;
import io.moorage.api.s3.request.Operation;
import java.util.EnumMap;
import java.util.Map;

/** Who carries out which operation. What is not here is answered with NotImplemented. */
final class Handlers {
    private Handlers() {}

    static Map<Operation, BucketHandler> all(
            BucketRegistry registry, BucketOperations buckets, Lifecycles lifecycles, Encryption encryption) {
        Map<Operation, BucketHandler> handlers = new EnumMap<>(Operation.class);
        ofBuckets(handlers, buckets);
        ofSettings(handlers, new BucketSettings(registry, encryption));
        ofObjects(handlers, lifecycles, encryption);
        ofUploads(handlers, encryption);
        return handlers;
    }

    private static void ofBuckets(Map<Operation, BucketHandler> handlers, BucketOperations buckets) {
        handlers.put(Operation.HEAD_BUCKET, buckets::head);
        handlers.put(Operation.DELETE_BUCKET, buckets::delete);
        handlers.put(Operation.GET_BUCKET_LOCATION, buckets::location);
        ObjectLists objects = new ObjectLists();
        handlers.put(Operation.LIST_OBJECTS, objects::list);
        handlers.put(Operation.LIST_OBJECTS_V2, objects::listV2);
        handlers.put(Operation.LIST_OBJECT_VERSIONS, new VersionLists()::list);
    }

    private static void ofSettings(Map<Operation, BucketHandler> handlers, BucketSettings settings) {
        handlers.put(Operation.GET_BUCKET_VERSIONING, settings::getVersioning);
        handlers.put(Operation.PUT_BUCKET_VERSIONING, settings::putVersioning);
        handlers.put(Operation.GET_BUCKET_TAGGING, settings::getTagging);
        handlers.put(Operation.PUT_BUCKET_TAGGING, settings::putTagging);
        handlers.put(Operation.DELETE_BUCKET_TAGGING, (e, bucket) -> settings.remove(e, bucket, Settings.TAGGING));
        handlers.put(Operation.GET_BUCKET_CORS, settings::getCors);
        handlers.put(Operation.PUT_BUCKET_CORS, settings::putCors);
        handlers.put(Operation.DELETE_BUCKET_CORS, (e, bucket) -> settings.remove(e, bucket, Settings.CORS));
        handlers.put(Operation.GET_BUCKET_LIFECYCLE, settings::getLifecycle);
        handlers.put(Operation.PUT_BUCKET_LIFECYCLE, settings::putLifecycle);
        handlers.put(Operation.DELETE_BUCKET_LIFECYCLE, (e, bucket) -> settings.remove(e, bucket, Settings.LIFECYCLE));
        handlers.put(Operation.GET_PUBLIC_ACCESS_BLOCK, settings::getPublicAccess);
        handlers.put(Operation.PUT_PUBLIC_ACCESS_BLOCK, settings::putPublicAccess);
        handlers.put(
                Operation.DELETE_PUBLIC_ACCESS_BLOCK,
                (e, bucket) -> settings.remove(e, bucket, Settings.PUBLIC_ACCESS));
        handlers.put(Operation.GET_BUCKET_OWNERSHIP_CONTROLS, settings::getOwnership);
        handlers.put(Operation.PUT_BUCKET_OWNERSHIP_CONTROLS, settings::putOwnership);
        handlers.put(
                Operation.DELETE_BUCKET_OWNERSHIP_CONTROLS,
                (e, bucket) -> settings.remove(e, bucket, Settings.OWNERSHIP));
        handlers.put(Operation.GET_OBJECT_LOCK_CONFIGURATION, settings::getObjectLock);
        handlers.put(Operation.PUT_OBJECT_LOCK_CONFIGURATION, settings::putObjectLock);
        handlers.put(Operation.GET_BUCKET_ENCRYPTION, settings::getEncryption);
        handlers.put(Operation.PUT_BUCKET_ENCRYPTION, settings::putEncryption);
        handlers.put(
                Operation.DELETE_BUCKET_ENCRYPTION, (e, bucket) -> settings.remove(e, bucket, Settings.ENCRYPTION));
        handlers.put(Operation.GET_BUCKET_ACL, settings::getAcl);
        handlers.put(Operation.PUT_BUCKET_ACL, (exchange, bucket) -> {
            ObjectSettings.checkAcl(exchange, bucket);
            exchange.answer(200);
        });
        handlers.put(Operation.GET_BUCKET_REQUEST_PAYMENT, settings::getRequestPayment);
        handlers.put(Operation.GET_BUCKET_LOGGING, settings::getLogging);
        handlers.put(Operation.GET_BUCKET_NOTIFICATION, settings::getNotification);
        handlers.put(Operation.GET_BUCKET_ACCELERATE, settings::getAccelerate);
        handlers.put(Operation.GET_BUCKET_WEBSITE, settings::getWebsite);
        handlers.put(Operation.GET_BUCKET_REPLICATION, settings::getReplication);
        BucketPolicies policies = new BucketPolicies(settings);
        handlers.put(Operation.GET_BUCKET_POLICY, policies::get);
        handlers.put(Operation.PUT_BUCKET_POLICY, policies::put);
        handlers.put(Operation.DELETE_BUCKET_POLICY, (e, bucket) -> settings.remove(e, bucket, Settings.POLICY));
        handlers.put(Operation.GET_BUCKET_POLICY_STATUS, policies::status);
    }

    private static void ofObjects(
            Map<Operation, BucketHandler> handlers, Lifecycles lifecycles, Encryption encryption) {
        ObjectReads reads = new ObjectReads(lifecycles, encryption);
        handlers.put(Operation.GET_OBJECT, reads::get);
        handlers.put(Operation.HEAD_OBJECT, reads::head);
        handlers.put(Operation.PUT_OBJECT, new ObjectWrites(encryption)::put);
        handlers.put(Operation.DELETE_OBJECT, new ObjectDeletes()::delete);
        handlers.put(Operation.RESTORE_OBJECT, new ObjectRestores()::restore);
        handlers.put(Operation.GET_OBJECT_ATTRIBUTES, new ObjectAttributes(encryption)::get);
        ObjectSettings settings = new ObjectSettings();
        handlers.put(Operation.GET_OBJECT_TAGGING, settings::getTagging);
        handlers.put(Operation.PUT_OBJECT_TAGGING, settings::putTagging);
        handlers.put(Operation.DELETE_OBJECT_TAGGING, settings::deleteTagging);
        handlers.put(Operation.GET_OBJECT_RETENTION, settings::getRetention);
        handlers.put(Operation.PUT_OBJECT_RETENTION, settings::putRetention);
        handlers.put(Operation.GET_OBJECT_LEGAL_HOLD, settings::getLegalHold);
        handlers.put(Operation.PUT_OBJECT_LEGAL_HOLD, settings::putLegalHold);
        handlers.put(Operation.GET_OBJECT_ACL, settings::getAcl);
        handlers.put(Operation.PUT_OBJECT_ACL, settings::putAcl);
    }

    private static void ofUploads(Map<Operation, BucketHandler> handlers, Encryption encryption) {
        MultipartUploads uploads = new MultipartUploads(encryption);
        handlers.put(Operation.CREATE_MULTIPART_UPLOAD, uploads::create);
        handlers.put(Operation.ABORT_MULTIPART_UPLOAD, uploads::abort);
        handlers.put(Operation.UPLOAD_PART, new UploadParts(encryption)::put);
        handlers.put(Operation.COMPLETE_MULTIPART_UPLOAD, new Completions()::complete);
        UploadLists lists = new UploadLists();
        handlers.put(Operation.LIST_PARTS, lists::parts);
        handlers.put(Operation.LIST_MULTIPART_UPLOADS, lists::uploads);
    }
}
