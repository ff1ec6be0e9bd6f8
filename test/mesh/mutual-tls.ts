import { objectsIn } from '../manifests/kubernetes-objects.ts';
import { MESH } from '../manifests/mesh.ts';
import type { Identity } from './certificates.ts';
import { type EnvoyPart, extension } from './envoy-config.ts';

/** What every name of the mesh begins with; Istio's default. */
export const TRUST_DOMAIN = 'spiffe://cluster.local/';

/** The name of a service in its certificate. */
export function nameOf(service: string): string {
  return `${TRUST_DOMAIN}ns/mercato/sa/${service}`;
}

/** What `mtls.yaml` says of every pod: `STRICT` takes no connection without a certificate. */
export function mutualTlsMode(): string {
  const objects = objectsIn([`${MESH}/mtls.yaml`]) as unknown as {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly mtls: { readonly mode: string } };
  }[];
  return objects.find(({ metadata }) => metadata.name === 'default')?.spec.mtls.mode ?? 'not said';
}

/**
 * The transport of the proxy before a service: as Istio makes it where PeerAuthentication says STRICT.
 *
 * @param root file of the authority's certificate
 */
export function strictTransport(root: string, own: Identity): EnvoyPart {
  if (mutualTlsMode() !== 'STRICT') throw new Error('the mesh is told not to be strict: it would take anything');
  return extension('envoy.transport_sockets.tls', 'transport_sockets.tls.v3.DownstreamTlsContext', {
    require_client_certificate: true,
    common_tls_context: {
      alpn_protocols: ['h2'],
      tls_certificates: [files(own)],
      validation_context: trusted(root, { prefix: TRUST_DOMAIN }),
    },
  });
}

/** The transport of the proxy of a caller to one service. Without `own` it shows no certificate. */
export function callerTransport(root: string, options: { to: string; own?: Identity }): EnvoyPart {
  return extension('envoy.transport_sockets.tls', 'transport_sockets.tls.v3.UpstreamTlsContext', {
    common_tls_context: {
      alpn_protocols: ['h2'],
      ...(options.own === undefined ? {} : { tls_certificates: [files(options.own)] }),
      validation_context: trusted(root, { exact: nameOf(options.to) }),
    },
  });
}

function files({ certificate, key }: Identity): EnvoyPart {
  return { certificate_chain: { filename: certificate }, private_key: { filename: key } };
}

function trusted(root: string, name: EnvoyPart): EnvoyPart {
  return {
    trusted_ca: { filename: root },
    match_typed_subject_alt_names: [{ san_type: 'URI', matcher: name }],
  };
}
