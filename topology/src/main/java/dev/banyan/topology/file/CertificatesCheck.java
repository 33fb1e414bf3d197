package dev.banyan.topology.file;

import dev.banyan.topology.FrontDoor.HostCertificate;
import dev.banyan.topology.FrontDoor.Tls;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What must hold among {@code front-door.tls.certificates}: each is for some host, and no host has two. */
record CertificatesCheck(Tls tls, Findings findings) {
    void check() {
        Map<String, String> owners = new HashMap<>();
        List<HostCertificate> all = tls.certificates();
        for (int i = 0; i < all.size(); i++) {
            String path = "front-door.tls.certificates[" + i + "]";
            if (findings.bad(path)) {
                continue;
            }
            if (all.get(i).hosts().isEmpty()) {
                findings.problem(findings.at(path), path, "is for no host, so that nobody would get it: name some in hosts, or make it front-door.tls.certificate");
            }
            for (String host : all.get(i).hosts()) {
                String other = owners.putIfAbsent(host.toLowerCase(Locale.ROOT), path);
                if (other != null) {
                    findings.problem(findings.at(path + ".hosts"), path + ".hosts", "'" + host + "' stands in " + other + " too: keep it in one");
                }
            }
        }
    }
}
