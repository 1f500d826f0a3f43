/* An open loop of requests, and a provider that takes no time: for tests/bench/flood.py, in C because both must be many times as fast as what they load.

     open_loop ask PORT RATE SECONDS SOCKETS PATIENCE OBEYS < request
     open_loop answer < reply

   ask: so many requests a second at times of chance, whether others were answered or not, each on a connection that is free, or on a new one where the gate has closed one;
   so many sockets, which stand beforehand: then it prints "go". Who waits longer than PATIENCE leaves. OBEYS 1: a connection that was refused is not free before what Retry-After said is over; 0: at once. Times count from when a request was due. Prints one JSON object; times are in ms, -1 if there are none.
   answer: prints its port, and gives the same bytes for every request until it is killed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { UNUSED, CONNECTING, ASKED, FREE };
enum { HEAD = 4096, MOST_TIMES = 1 << 24, EVENTS = 512, STEPS = 1 << 12, SECONDS = 3600 };

typedef struct Client {
    int fd, state, got, need, status, closes;
    double due;
    struct Client *next, *before; /* of those under way, in the order of their times; next also of the unused, and of those that stay away */
    char head[HEAD];
} Client;

static Client *clients, *unused, under_way;
static int *queue, first, last, sockets, poll_fd; /* queue: a ring of those that are free */
static Client *away[STEPS]; /* a ring by the step of 20 ms in which their time is over */
static long step;
static int obeys;
static long open_now, offered, ok, ok_in_time, refused, others, lost, unconnected, left, without_socket;
static long ok_by_s[SECONDS], refused_by_s[SECONDS]; /* answers of each second */
static double *ok_times, *refused_times, began, ends;
static char payload[1 << 20];
static size_t payload_size;
static struct sockaddr_in address = {.sin_family = AF_INET};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void all_files(void) {
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
}

static void watch(int fd, unsigned events, void *of) {
    struct epoll_event event = {.events = events, .data.ptr = of};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

/* ------------------------------------------------------------------ ask */

static void begin(Client *c) {
    c->before = under_way.before, c->next = &under_way;
    under_way.before->next = c, under_way.before = c;
}

static void end(Client *c) { c->before->next = c->next, c->next->before = c->before; }

static void drop(Client *c) {
    close(c->fd);
    open_now--;
    if (c->state == FREE) { /* it stands in the queue still */
        c->fd = -1;
        return;
    }
    c->state = UNUSED, c->next = unused, unused = c;
}

static void fail(Client *c, long *why) {
    (*why)++;
    end(c);
    drop(c);
}

static void ask(Client *c) {
    c->state = ASKED, c->got = 0, c->need = -1;
    if (send(c->fd, payload, payload_size, MSG_NOSIGNAL) != (ssize_t)payload_size) fail(c, &lost);
}

static void is_free(Client *c) {
    c->state = FREE;
    queue[last++ % sockets] = c - clients;
}

static long step_at(double at) { return (long)((at - began) * 50) + 1; }

static void come_back(double at) {
    for (long until = step_at(at); step < until; step++)
        for (Client *c; (c = away[step % STEPS]) != NULL;) {
            away[step % STEPS] = c->next;
            is_free(c);
        }
}

static void answered(Client *c) {
    double at = now();
    int second = at - began < SECONDS ? at - began : SECONDS - 1;
    end(c);
    if (c->status == 200) {
        ok_by_s[second]++;
        if (at < ends) ok_in_time++;
        if (ok < MOST_TIMES) ok_times[ok] = at - c->due;
        ok++;
    } else if (c->status == 503) {
        refused_by_s[second]++;
        if (refused < MOST_TIMES) refused_times[refused] = at - c->due;
        refused++;
    } else
        others++;
    char *after = obeys && c->status == 503 ? strcasestr(c->head, "retry-after:") : NULL;
    if (c->closes)
        drop(c);
    else if (after) {
        Client **others = &away[(step_at(at + atoi(after + 12)) + 1) % STEPS];
        c->state = FREE, c->next = *others, *others = c;
    } else
        is_free(c);
}

static void hear(Client *c) {
    static char buffer[1 << 16];
    for (;;) {
        ssize_t size = recv(c->fd, buffer, sizeof buffer, 0);
        if (size < 0 && errno == EAGAIN) return;
        if (size <= 0) {
            if (c->state == ASKED)
                fail(c, &lost);
            else if (c->state == FREE)
                drop(c);
            return;
        }
        if (c->state != ASKED) continue;
        if (c->need < 0) {
            int room = HEAD - 1 - c->got, part = size < room ? size : room;
            memcpy(c->head + c->got, buffer, part);
            c->head[c->got + part] = 0;
            char *over = strstr(c->head, "\r\n\r\n");
            if (over) {
                char *length = strcasestr(c->head, "content-length:");
                c->status = atoi(c->head + 9);
                c->closes = strcasestr(c->head, "connection: close") != NULL;
                c->need = over + 4 - c->head + (length ? atoi(length + 15) : 0);
            } else if (part == room) {
                fail(c, &lost);
                return;
            }
        }
        c->got += size;
        if (c->need >= 0 && c->got >= c->need) {
            answered(c);
            return;
        }
    }
}

static void connect_one(Client *c, int waits) {
    static unsigned from;
    int on = 1;
    struct linger at_once = {1, 0}; /* no TIME_WAIT: ports would run out */
    struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + from++ % 8)};
    c->fd = socket(AF_INET, SOCK_STREAM | (waits ? 0 : SOCK_NONBLOCK), 0);
    open_now++;
    c->state = CONNECTING;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    bind(c->fd, (struct sockaddr *)&source, sizeof source);
    int failed = connect(c->fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS;
    if (waits) {
        if (failed) {
            perror("connect");
            exit(1);
        }
        fcntl(c->fd, F_SETFL, O_NONBLOCK);
        is_free(c);
        watch(c->fd, EPOLLIN | EPOLLRDHUP | EPOLLET, c);
        return;
    }
    begin(c);
    if (failed)
        fail(c, &unconnected);
    else
        watch(c->fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, c);
}

static Client *fresh(void) {
    Client *c = unused;
    if (c) unused = c->next;
    return c;
}

static void offer(double due) {
    Client *c;
    offered++;
    while (first != last) {
        c = &clients[queue[first++ % sockets]];
        if (c->fd >= 0) {
            c->due = due;
            begin(c);
            ask(c);
            return;
        }
        c->state = UNUSED, c->next = unused, unused = c; /* it was closed while it was free */
    }
    if ((c = fresh()) == NULL) {
        without_socket++;
        return;
    }
    c->due = due;
    connect_one(c, 0);
}

static void happened(struct epoll_event *event) {
    Client *c = event->data.ptr;
    if (c->state == UNUSED || c->fd < 0) return;
    if (c->state == CONNECTING) {
        int problem = 0;
        socklen_t size = sizeof problem;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &problem, &size);
        if (problem) {
            fail(c, &unconnected);
            return;
        }
        ask(c);
        if (c->state != ASKED) return;
    }
    if (event->events & (EPOLLIN | EPOLLHUP | EPOLLRDHUP)) hear(c);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double share(double *times, long count, double of) {
    if (count > MOST_TIMES) count = MOST_TIMES;
    if (!count) return -1;
    qsort(times, count, sizeof *times, by_size);
    long at = of * count;
    return times[at < count ? at : count - 1] * 1000;
}

static void say(const char *name, long *by_s, double seconds) {
    printf("\"%s\":[", name);
    for (int i = 0; i < seconds && i < SECONDS; i++) printf("%s%ld", i ? "," : "", by_s[i]);
    printf("],");
}

static void run(double rate, double seconds, double patience) {
    struct epoll_event events[EVENTS];
    double due = began = now(), latest = 0;
    ends = began + seconds;
    puts("go");
    fflush(stdout);
    for (;;) {
        double at = now();
        come_back(at);
        if (at > ends + patience || (at > ends && under_way.next == &under_way)) break;
        for (int i = 0; i < 64 && due <= at && due < ends; i++) {
            offer(due);
            due -= log(1 - drand48()) / rate;
        }
        if (due < ends && at - due > latest) latest = at - due;
        double until = due < ends ? (due - now()) * 1000 : 5;
        int many = epoll_wait(poll_fd, events, EVENTS, until < 0 ? 0 : until > 5 ? 5 : (int)until);
        for (int i = 0; i < many; i++) happened(&events[i]);
        at = now();
        while (under_way.next != &under_way && under_way.next->due < at - patience) fail(under_way.next, &left);
    }
    long unanswered = 0;
    for (Client *c = under_way.next; c != &under_way; c = c->next) unanswered++;
    printf("{");
    say("ok_by_s", ok_by_s, seconds);
    say("refused_by_s", refused_by_s, seconds);
    printf("\"offered\":%ld,\"ok\":%ld,\"ok_in_time\":%ld,\"ok_p50_ms\":%.1f,\"ok_p99_ms\":%.1f,\"refused\":%ld,\"refused_p50_ms\":%.1f,\"refused_p99_ms\":%.1f,\"refused_most_ms\":%.1f,\"others\":%ld,\"lost\":%ld,"
           "\"unconnected\":%ld,\"left\":%ld,\"without_socket\":%ld,\"unanswered\":%ld,\"late_ms\":%.0f}\n",
           offered, ok, ok_in_time, share(ok_times, ok, .5), share(ok_times, ok, .99), refused, share(refused_times, refused, .5), share(refused_times, refused, .99), share(refused_times, refused, 1), others, lost,
           unconnected, left, without_socket, unanswered, latest * 1000);
}

/* ------------------------------------------------------------------ answer */

static void answer(void) {
    static char buffer[1 << 17];
    static int need[1 << 18], got[1 << 18]; /* by file */
    struct epoll_event events[EVENTS];
    socklen_t size = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listening, (struct sockaddr *)&address, sizeof address) || listen(listening, 4096)) exit(1);
    getsockname(listening, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    watch(listening, EPOLLIN, (void *)(long)listening);
    for (;;) {
        int many = epoll_wait(poll_fd, events, EVENTS, -1);
        for (int i = 0; i < many; i++) {
            int fd = (long)events[i].data.ptr, next;
            if (fd == listening) {
                while ((next = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(next, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    need[next] = -1, got[next] = 0;
                    watch(next, EPOLLIN, (void *)(long)next);
                }
                continue;
            }
            ssize_t part = recv(fd, buffer, sizeof buffer - 1, 0);
            if (part <= 0) {
                close(fd);
                continue;
            }
            buffer[part] = 0;
            got[fd] += part;
            if (need[fd] < 0) { /* heads are short and come in one piece */
                char *over = strstr(buffer, "\r\n\r\n"), *length = strcasestr(buffer, "content-length:");
                if (!over) exit(1);
                need[fd] = over + 4 - buffer + (length ? atoi(length + 15) : 0);
            }
            if (got[fd] >= need[fd]) {
                need[fd] = -1, got[fd] = 0;
                if (send(fd, payload, payload_size, MSG_NOSIGNAL) != (ssize_t)payload_size) close(fd);
            }
        }
    }
}

int main(int count, char **said) {
    all_files();
    payload_size = fread(payload, 1, sizeof payload, stdin);
    poll_fd = epoll_create1(0);
    if (count == 2 && !strcmp(said[1], "answer")) answer();
    if (count != 8 || strcmp(said[1], "ask")) return 2;
    address.sin_port = htons(atoi(said[2]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockets = atoi(said[5]);
    obeys = atoi(said[7]);
    clients = calloc(sockets, sizeof *clients);
    queue = calloc(sockets, sizeof *queue);
    ok_times = malloc(MOST_TIMES * sizeof *ok_times);
    refused_times = malloc(MOST_TIMES * sizeof *refused_times);
    under_way.next = under_way.before = &under_way;
    for (int i = sockets - 1; i >= 0; i--) clients[i].next = unused, unused = &clients[i];
    for (int i = 0; i < sockets; i++) {
        connect_one(fresh(), 1);
        if (i % 8 == 7) usleep(2000); /* a crowd that came all at once would be another experiment */
    }
    run(atof(said[3]), atof(said[4]), atof(said[6]));
    return 0;
}
