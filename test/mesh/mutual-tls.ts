import { objectsIn } from '../manifests/kubernetes-objects.ts';
import { MESH } from '../manifests/mesh.ts';
import type { Identity } from './certificates.ts';
import { type EnvoyPart, extension } from './envoy-config.ts';

/** Prefix of every SPIFFE id in the mesh: Istio's default trust domain. */
export const TRUST_DOMAIN = 'spiffe://cluster.local/';

const TLS_VERSIONS = { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' };
/** Istio's cipher suites for TLS 1.2, for servers. */
const CIPHER_SUITES = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
];

/** The SPIFFE id of a service, the name in its certificate. */
export function nameOf(service: string): string {
  return `${TRUST_DOMAIN}ns/mercato/sa/${service}`;
}

/** The mutual TLS mode that `mtls.yaml` sets for every pod. */
export function mutualTlsMode(): string {
  const objects = objectsIn([`${MESH}/mtls.yaml`]) as unknown as {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly mtls: { readonly mode: string } };
  }[];
  return objects.find(({ metadata }) => metadata.name === 'default')?.spec.mtls.mode ?? 'undefined';
}

/**
 * The transport socket of the proxy in front of a service, as Istio generates it for mode STRICT.
 *
 * @param root file with the certificate of the authority
 */
export function strictTransport(root: string, own: Identity): EnvoyPart {
  if (mutualTlsMode() !== 'STRICT') throw new Error('mtls.yaml does not set STRICT: proxies would accept plaintext');
  return extension('envoy.transport_sockets.tls', 'transport_sockets.tls.v3.DownstreamTlsContext', {
    require_client_certificate: true,
    common_tls_context: {
      tls_params: { ...TLS_VERSIONS, cipher_suites: CIPHER_SUITES },
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificates: [files(own)],
      validation_context: trusted(root, { prefix: TRUST_DOMAIN }),
    },
  });
}

/** The transport socket of a caller's proxy to one service. Without `own` it presents no certificate. */
export function callerTransport(root: string, options: { to: string; own?: Identity }): EnvoyPart {
  return extension('envoy.transport_sockets.tls', 'transport_sockets.tls.v3.UpstreamTlsContext', {
    common_tls_context: {
      tls_params: TLS_VERSIONS,
      alpn_protocols: ['istio', 'h2'],
      ...(options.own === undefined ? {} : { tls_certificates: [files(options.own)] }),
      validation_context: trusted(root, { exact: nameOf(options.to) }),
    },
  });
}

function files({ certificate, key }: Identity): EnvoyPart {
  return { certificate_chain: { filename: certificate }, private_key: { filename: key } };
}

function trusted(root: string, name: EnvoyPart): EnvoyPart {
  return { trusted_ca: { filename: root }, match_subject_alt_names: [name] };
}
