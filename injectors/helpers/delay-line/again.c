#include "again.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A raw socket that takes whole packets. */
static int open_socket(int family, uint32_t mark)
{
    int descriptor = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

    if (descriptor >= 0 && setsockopt(descriptor, SOL_SOCKET, SO_MARK, &mark, sizeof mark) == 0)
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

int again_open(struct again *again, uint32_t mark)
{
    again->sockets[1] = open_socket(AF_INET6, mark);
    again->sockets[0] = open_socket(AF_INET, mark);
    return again->sockets[0] < 0 && again->sockets[1] < 0 ? -1 : 0;
}

static int send_ipv4(int descriptor, const unsigned char *bytes, size_t count)
{
    struct sockaddr_in to = {.sin_family = AF_INET};

    if (count < sizeof(struct iphdr)) {
        errno = EINVAL;
        return -1;
    }
    memcpy(&to.sin_addr, bytes + offsetof(struct iphdr, daddr), sizeof to.sin_addr);
    return sendto(descriptor, bytes, count, 0, (struct sockaddr *)&to, sizeof to) < 0 ? -1 : 0;
}

static int send_ipv6(int descriptor, const unsigned char *bytes, size_t count, uint32_t interface)
{
    struct sockaddr_in6 to = {.sin6_family = AF_INET6};

    if (count < sizeof(struct ip6_hdr)) {
        errno = EINVAL;
        return -1;
    }
    memcpy(&to.sin6_addr, bytes + offsetof(struct ip6_hdr, ip6_dst), sizeof to.sin6_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&to.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&to.sin6_addr))
        to.sin6_scope_id = interface;
    return sendto(descriptor, bytes, count, 0, (struct sockaddr *)&to, sizeof to) < 0 ? -1 : 0;
}

int again_send(const struct again *again, const unsigned char *bytes, size_t count,
               uint32_t interface)
{
    if (count > 0 && bytes[0] >> 4 == 4)
        return send_ipv4(again->sockets[0], bytes, count);
    return send_ipv6(again->sockets[1], bytes, count, interface);
}
