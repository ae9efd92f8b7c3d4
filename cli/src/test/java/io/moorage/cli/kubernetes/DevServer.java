package io.moorage.cli.kubernetes;

import io.moorage.cli.kubernetes.control.Seeds;
import io.moorage.cli.kubernetes.schema.*;
import io.moorage.cli.kubernetes.server.*;
import io.moorage.cli.kubernetes.store.*;
import java.nio.file.Path;
import java.time.*;
import java.util.*;

public class DevServer {
    public static void main(String[] a) throws Exception {
        Catalog c = Catalog.load();
        Store s = Store.open(Path.of(a[0]));
        Resources r = new Resources(s, c, new Validation(c), Clock.systemUTC());
        new Seeds(r).sow();
        KubernetesServer k = KubernetesServer.start(r, Integer.parseInt(a[1]), (n, p, l) -> Optional.empty(), Clock.systemUTC());
        System.out.println(k.url());
        Thread.currentThread().join();
    }
}
