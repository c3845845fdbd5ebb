const DOCKER_HUB = ['docker.io', 'index.docker.io'];

/**
 * The name of an image in another registry: the host gives way, the path stays. A name without a host is one of Docker Hub, where
 * `busybox` is short for `library/busybox`.
 *
 * @param image without tag and digest
 * @param registry with a path where needed; empty leaves the image where it is
 */
export function inRegistry(image: string, registry: string): string {
  return registry === '' ? image : `${registry}/${pathOf(image)}`;
}

function pathOf(image: string): string {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const hasHost = /[.:A-Z]/.test(first) || first === 'localhost';
  const path = hasHost ? image.slice(slash + 1) : image;
  const isOfHub = !hasHost || DOCKER_HUB.includes(first);
  return isOfHub && !path.includes('/') ? `library/${path}` : path;
}
