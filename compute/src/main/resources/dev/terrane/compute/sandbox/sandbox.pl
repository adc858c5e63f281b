# Runs workloads in Linux namespaces. Called by the sandbox driver, by the machine's root or the root of a user namespace:
#
#   sandbox.pl run PLAN             makes the namespaces, mounts and network that a plan file describes, and is their init
#   sandbox.pl enter PLAN           runs one command in the namespaces of a running workload
#   sandbox.pl attached NS FILE COMMAND...  runs a command that ends with the thread that started it and sees a namespace as FILE
#
# and by the launcher of an ordinary user's server:
#
#   sandbox.pl rootless COMMAND...  makes a user namespace of which the user is root, and runs a command in it
#
# Why a script of the host's perl (part of every Debian and Ubuntu) and not the tools unshare, nsenter and setpriv: entering a
# workload and giving up privileges must happen in one program that was loaded before the workload's files could be seen.
# A program looked up inside would be the workload's own, run with the host's privileges.
use strict;
use warnings;

chomp(my $machine = `/bin/uname -m`);
my %CALLS = (
    x86_64 => { mount => 165, umount2 => 166, pivot_root => 155, unshare => 272, setns => 308, prctl => 157, capset => 126,
        setxattr => 188, mknodat => 259, sethostname => 170, setgroups => 116, setresuid => 117, setresgid => 119,
        setsid => 112 },
    aarch64 => { mount => 40, umount2 => 39, pivot_root => 41, unshare => 97, setns => 268, prctl => 167, capset => 91,
        setxattr => 5, mknodat => 33, sethostname => 161, setgroups => 159, setresuid => 147, setresgid => 149,
        setsid => 157 },
);
my $calls = $CALLS{$machine} or die "no table of system calls for $machine\n";
my $PIDFD_OPEN = 434;

use constant {
    MS_RDONLY => 1, MS_NOSUID => 2, MS_NODEV => 4, MS_NOEXEC => 8, MS_REMOUNT => 32, MS_BIND => 4096, MS_REC => 16384,
    MS_PRIVATE => 1 << 18,
    NEWNS => 0x20000, NEWCGROUP => 0x2000000, NEWUTS => 0x4000000, NEWIPC => 0x8000000, NEWPID => 0x20000000,
    NEWNET => 0x40000000, NEWUSER => 0x10000000,
    PR_SET_PDEATHSIG => 1, PR_SET_DUMPABLE => 4, PR_CAPBSET_READ => 23, PR_CAPBSET_DROP => 24, PR_SET_NO_NEW_PRIVS => 38,
    PR_SET_CHILD_SUBREAPER => 36,
    SIGKILL => 9,
};
# chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service sys_chroot audit_write setfcap: what package
# installation and services of root need. Not kept, among others: sys_admin (mounts), net_admin and net_raw (a forged source
# address would pass for another workload), mknod, sys_ptrace, sys_module, dac_read_search (opens files by handle).
my @KEEP = (0, 1, 3, 4, 5, 6, 7, 8, 10, 18, 29, 31);

# What marks a folder that hides the one below; only the machine's root may write the first.
my $OPAQUE = $ENV{TERRANE_ROOTLESS} ? 'user.overlay.opaque' : 'trusted.overlay.opaque';
my $ROOTLESS = $ENV{TERRANE_ROOTLESS};

sub call {
    my ($name, @arguments) = @_;
    my $result = syscall($calls->{$name}, @arguments);
    die "$name: $!\n" if $result == -1;
    return $result;
}

sub mount {
    my ($source, $target, $type, $flags, $data) = @_;
    $data = defined $data ? "$data" : '';
    syscall($calls->{mount}, "$source", "$target", "$type", $flags + 0, $data) == -1
        and die "mount $type $source at $target: $!\n";
}

sub read_plan {
    my ($file) = @_;
    my %plan;
    open my $in, '<', $file or die "$file: $!\n";
    while (my $line = <$in>) {
        chomp $line;
        my ($key, @fields) = split /\t/, $line, -1;
        push @{ $plan{$key} }, \@fields;
    }
    return \%plan;
}

sub one { my ($plan, $key) = @_; return $plan->{$key} ? $plan->{$key}[0][0] : undef }

sub join_cgroups {
    my ($plan) = @_;
    for my $entry (@{ $plan->{cgroup} // [] }) {
        open my $out, '>', $entry->[0] or die "$entry->[0]: $!\n";
        syswrite($out, $$) or die "$entry->[0]: $!\n";
    }
}

# The workload's variables come as T_NAME, so that none of them means anything to this program or its loader.
sub workload_environment {
    my %environment = map { substr($_, 2) => $ENV{$_} } grep { /^T_/ } keys %ENV;
    return %environment;
}

sub drop_bounding_set {
    my %keep = map { $_ => 1 } @KEEP;
    for my $capability (0 .. 63) {
        next if $keep{$capability};
        next unless syscall($calls->{prctl}, PR_CAPBSET_READ, $capability, 0, 0, 0) == 1;
        call('prctl', PR_CAPBSET_DROP, $capability, 0, 0, 0);
    }
}

sub drop_capabilities {
    my $low = 0;
    $low |= 1 << $_ for @KEEP;
    my $header = pack('Ll', 0x20080522, 0);
    my $sets = pack('L6', $low, $low, 0, 0, 0, 0);
    call('capset', $header, $sets);
}

# When memory runs out, what the workload runs is ended before its init, and before the server.
sub offer_first {
    open my $out, '>', '/proc/self/oom_score_adj' or return;
    syswrite $out, '500';
}

# Not dumpable: the workload's root may neither trace this process nor open its program file through /proc.
sub hide { call('prctl', PR_SET_DUMPABLE, 0, 0, 0, 0) }

# A path below the workload's root that is no symbolic link in any part; made where absent.
sub place {
    my ($root, $path, $is_file) = @_;
    my $at = $root;
    my @parts = grep { length } split m{/}, $path;
    while (defined(my $part = shift @parts)) {
        die "bad path $path\n" if $part eq '..' || $part eq '.';
        $at .= "/$part";
        die "$path leads through a symbolic link\n" if -l $at;
        next if lstat $at;
        if ($is_file && !@parts) {
            open my $touch, '>', $at or die "$at: $!\n";
        } else {
            mkdir $at, 0755 or die "$at: $!\n";
        }
    }
    return $at;
}

# Hides what the plan says of the host's files, in the upper layer.
sub mask {
    my ($lower, $upper, $entry) = @_;
    my ($kind, $path, $mode, $user, $group) = @$entry;
    my @parts = grep { length } split m{/}, $path;
    my $last = pop @parts;
    my $at = '';
    for my $part (@parts) {
        $at .= "/$part";
        my @host = lstat "$lower$at";
        return unless @host && -d _;
        return if lstat "$upper$at" and !-d _;
        next if -d _;
        mkdir "$upper$at", 0700 or die "$upper$at: $!\n";
        chown $host[4], $host[5], "$upper$at";
        chmod $host[2] & 07777, "$upper$at";
    }
    $at .= "/$last";
    return if lstat "$upper$at";
    if ($kind eq 'gone') {
        call('mknodat', -100, "$upper$at", 0020000, 0);
    } elsif ($kind eq 'empty') {
        mkdir "$upper$at", 0700 or die "$upper$at: $!\n";
        chown $user, $group, "$upper$at";
        chmod oct $mode, "$upper$at";
        call('setxattr', "$upper$at", $OPAQUE, 'y', 1, 0);
    } else {
        open my $out, '>', "$upper$at" or die "$upper$at: $!\n";
        chown $user, $group, "$upper$at";
        chmod oct $mode, "$upper$at";
    }
}

sub ip_batch {
    my ($program, @lines) = @_;
    open my $pipe, '|-', $program, '-batch', '-' or die "$program: $!\n";
    print {$pipe} "$_\n" for @lines;
    close $pipe or die "network: ip failed at one of: @lines\n";
}

sub make_network {
    my ($plan) = @_;
    my ($mode, $ip, $router, $link, $address, $gateway, $mtu) = @{ $plan->{network}[0] };
    return if $mode eq 'host';
    my $outside;
    if ($mode eq 'isolated') {
        open $outside, '<', "/proc/$$/ns/net" or die "network namespace: $!\n";
    }
    call('unshare', NEWNET);
    if ($mode eq 'none') {
        ip_batch($ip, 'link set lo up') if $ip;
        return;
    }
    open my $inside, '<', "/proc/$$/ns/net" or die "network namespace: $!\n";
    ip_batch($ip, 'link set lo up', "link add $link type veth peer name eth0", "link set $link netns $router",
        # A network of one address: other workloads are reached by the router too, whose firewall nobody evades.
        "addr add $address/32 dev eth0", "link set eth0 mtu $mtu up", "route add $gateway/32 dev eth0",
        "route add default via $gateway");
    call('setns', fileno $outside, NEWNET);
    ip_batch($ip, "link set $link mtu $mtu master br0 up", "link set $link type bridge_slave isolated on");
    call('setns', fileno $inside, NEWNET);
}

sub mount_layer {
    my ($target, $lower, $upper, $work, $options) = @_;
    mount('overlay', $target, 'overlay', MS_NODEV | MS_NOSUID, "lowerdir=$lower,upperdir=$upper,workdir=$work$options");
}

# The root of a workload on the host's image, where the host's root can't be a layer: a plain folder for the layers.
sub plain_root {
    my ($plan, $root) = @_;
    my ($plain, $upper) = @{ $plan->{plain}[0] };
    mount($plain, $root, 'none', MS_BIND);
    for my $entry (@{ $plan->{link} // [] }) {
        symlink $entry->[1], "$root/$entry->[0]";
    }
    my @layers = map { $_->[0] } @{ $plan->{layer} };
    for my $entry (@{ $plan->{mask} // [] }) {
        my ($kind, $path, $mode) = @$entry;
        if (grep { index("$path/", "$_/") == 0 } @layers) {
            mask('', $upper, $entry);
        } elsif ($kind eq 'empty' && $path =~ m{^/[^/]+$} && mkdir "$root$path") {
            chmod oct $mode, "$root$path";
        }
    }
}

sub mount_disk {
    my ($plan, $root) = @_;
    if ($plan->{plain}) {
        plain_root($plan, $root);
    } else {
        my ($lower, $upper, $work, $options) = @{ $plan->{disk}[0] };
        mask($lower eq '/' ? '' : $lower, $upper, $_) for @{ $plan->{mask} // [] };
        mount_layer($root, $lower, $upper, $work, $options);
    }
    for my $entry (@{ $plan->{layer} // [] }) {
        my ($folder, @layer) = @$entry;
        mount_layer(place($root, $folder), @layer);
    }
    for my $entry (@{ $plan->{bind} // [] }) {
        my ($source, $target, $writable) = @$entry;
        my $at = place($root, $target, !-d $source);
        mount($source, $at, 'none', MS_BIND);
        my $flags = MS_BIND | MS_REMOUNT | MS_NOSUID | MS_NODEV | ($writable ? 0 : MS_RDONLY);
        # In a user namespace what the machine has forbidden of a mount stays forbidden, and must be said again.
        eval { mount('none', $at, 'none', $flags); 1 } or mount('none', $at, 'none', $flags | MS_NOEXEC);
    }
}

# The workload's own control groups, to be read: Java, Node and Go size themselves by them.
sub mount_limits {
    my ($plan, $folder) = @_;
    my $flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    my @hierarchies = @{ $plan->{hierarchy} // [] };
    mkdir $folder;
    mkdir "$folder/cgroup";
    for my $hierarchy (@hierarchies) {
        my ($type, $controllers) = @$hierarchy;
        my $target = @hierarchies == 1 && $type eq 'cgroup2' ? "$folder/cgroup" : "$folder/cgroup/" . ($controllers || 'unified');
        mkdir $target;
        # Where the kernel does not permit it, programs see the machine's size; the limits hold all the same.
        eval { mount($type, $target, $type, $flags, $controllers) };
    }
}

sub mount_kernel_folders {
    my ($plan, $root) = @_;
    my $proc = place($root, '/proc');
    mount('proc', $proc, 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC);
    for my $name (qw(sys bus fs irq sysrq-trigger)) {
        next unless -e "$proc/$name";
        mount("$proc/$name", "$proc/$name", 'none', MS_BIND | MS_REC);
        mount('none', "$proc/$name", 'none',
            MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
    }
    for my $name (qw(acpi asound scsi)) {
        mount('tmpfs', "$proc/$name", 'tmpfs', MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC) if -d "$proc/$name";
    }
    for my $name (qw(kcore keys latency_stats timer_list sched_debug kmsg kallsyms interrupts)) {
        mount('/dev/null', "$proc/$name", 'none', MS_BIND) if -e "$proc/$name";
    }

    my $sys = place($root, '/sys');
    mount('tmpfs', $sys, 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=755');
    mkdir "$sys/devices";
    mkdir "$sys/devices/system";
    mount('/sys/devices/system', "$sys/devices/system", 'none', MS_BIND);
    mount('none', "$sys/devices/system", 'none',
        MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
    mount_limits($plan, "$sys/fs");
    mount('none', $sys, 'none', MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=755');

    my $dev = place($root, '/dev');
    mount('tmpfs', $dev, 'tmpfs', MS_NOSUID, 'mode=755');
    for my $name (qw(null zero full random urandom tty)) {
        open my $touch, '>', "$dev/$name" or die "$dev/$name: $!\n";
        mount("/dev/$name", "$dev/$name", 'none', MS_BIND);
    }
    symlink '/proc/self/fd', "$dev/fd";
    symlink "/proc/self/fd/$_->[0]", "$dev/$_->[1]" for [ 0, 'stdin' ], [ 1, 'stdout' ], [ 2, 'stderr' ];
    mkdir "$dev/$_" for qw(pts shm mqueue);
    mount('devpts', "$dev/pts", 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=620');
    symlink 'pts/ptmx', "$dev/ptmx";
    mount('tmpfs', "$dev/shm", 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=1777');
    my $run = place($root, '/run');
    mount('tmpfs', $run, 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=755');
    mkdir "$run/lock";
    chmod 01777, "$run/lock";
}

sub run {
    my ($plan) = @_;
    call('prctl', PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    umask 022;
    join_cgroups($plan);
    my $root = one($plan, 'root');
    make_network($plan);
    call('unshare', NEWNS | NEWUTS | NEWIPC | NEWPID | NEWCGROUP);
    mount('none', '/', 'none', MS_REC | MS_PRIVATE);
    mount_disk($plan, $root);
    my $hostname = one($plan, 'hostname');
    call('sethostname', $hostname, length $hostname);
    $| = 1;
    my $init = fork // die "fork: $!\n";
    if ($init) {
        print "init $init\n";
        close STDOUT;
        waitpid $init, 0;
        exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
    }
    mount_kernel_folders($plan, $root);
    chdir $root or die "$root: $!\n";
    call('pivot_root', '.', '.');
    call('umount2', '.', 2);
    chdir '/';
    drop_bounding_set();
    drop_capabilities();
    call('prctl', PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    hide();
    call('prctl', PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    be_init($plan);
}

# The first process inside: takes orphans in, ends them on SIGTERM.
sub be_init {
    my ($plan) = @_;
    my $ending = 0;
    local $SIG{TERM} = sub { $ending = 1; kill 'TERM', -1 };
    local $SIG{CHLD} = sub { };
    local $SIG{INT} = 'IGNORE';
    local $SIG{HUP} = 'IGNORE';
    if (my $command = $plan->{init}) {
        my $child = fork // die "fork: $!\n";
        if (!$child) {
            $SIG{$_} = 'DEFAULT' for qw(TERM CHLD INT HUP);
            open STDIN, '<', '/dev/null';
            mkdir '/var/log';
            open STDOUT, '>>', '/var/log/terrane-init.log' or open STDOUT, '>', '/dev/null';
            open STDERR, '>&', \*STDOUT;
            syscall($calls->{setsid});
            offer_first();
            %ENV = workload_environment();
            chdir '/root' or chdir '/';
            my @words = map { pack 'H*', $_->[0] } @$command;
            exec { $words[0] } @words or do { print STDERR "$words[0]: $!\n"; exit 127 };
        }
    }
    syswrite STDOUT, "ready\n";
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    while (1) {
        while (waitpid(-1, 1) > 0) { }
        exit 0 if $ending && !kill(0, -1);
        select undef, undef, undef, $ending ? 0.02 : 30;
    }
}

# The numbers of a user and his groups by the workload's own files; nothing of the workload's is loaded to read them.
sub look_up_user {
    my ($name) = @_;
    my ($user, $group, $home, $shell);
    if (open my $in, '<', '/etc/passwd') {
        while (my $line = <$in>) {
            chomp $line;
            my @fields = split /:/, $line, -1;
            next unless @fields >= 7 && ($fields[0] eq $name || $name =~ /^\d+$/ && $fields[2] eq $name);
            ($name, $user, $group, $home, $shell) = @fields[ 0, 2, 3, 5, 6 ];
            last;
        }
    }
    ($user, $group, $home, $shell) = (0, 0, '/root', '/bin/sh') if !defined $user && ($name eq 'root' || $name eq '0');
    ($user, $group, $home, $shell) = ($name, $name, '/', '/bin/sh') if !defined $user && $name =~ /^\d{1,9}$/;
    die "no user $name\n" unless defined $user && $user =~ /^\d{1,9}$/ && $group =~ /^\d{1,9}$/;
    my @groups = ($group);
    if (open my $in, '<', '/etc/group') {
        while (my $line = <$in>) {
            chomp $line;
            my @fields = split /:/, $line, -1;
            next unless @fields >= 4 && $fields[2] =~ /^\d{1,9}$/;
            push @groups, $fields[2] if grep { $_ eq $name } split /,/, $fields[3];
        }
    }
    return ($name, $user, $group, \@groups, $home, $shell || '/bin/sh');
}

# Where nobody but the server's user is known inside, groups can't be set either.
sub only_root {
    return 0 unless $ROOTLESS;
    open my $in, '<', '/proc/self/setgroups' or return 0;
    return <$in> eq "deny\n";
}

sub become_and_execute {
    my ($plan) = @_;
    hide();
    syscall($calls->{setsid});
    offer_first();
    drop_bounding_set();
    my ($name, $user, $group, $groups, $home, $shell) = look_up_user(one($plan, 'user'));
    die "only root exists here: the server's user has no range in /etc/subuid, or newuidmap is missing\n"
        if ($user || $group) && only_root();
    my $list = pack 'L*', @$groups;
    call('setgroups', scalar @$groups, $list) unless only_root();
    call('setresgid', $group + 0, $group + 0, $group + 0);
    call('setresuid', $user + 0, $user + 0, $user + 0);
    drop_capabilities() if $user == 0;
    call('prctl', PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    hide();
    %ENV = (HOME => $home, USER => $name, LOGNAME => $name, SHELL => $shell, workload_environment());
    my $folder = one($plan, 'folder');
    if (defined $folder) {
        chdir $folder or die "$folder: $!\n";
    } else {
        chdir $home or chdir '/';
    }
    my @words = map { pack 'H*', $_->[0] } @{ $plan->{argument} };
    $SIG{PIPE} = 'DEFAULT';
    no warnings 'exec';
    exec { $words[0] } @words;
    my $code = $!{ENOENT} ? 127 : 126;
    print STDERR "$words[0]: $!\n";
    exit $code;
}

# Hands output on until the command has ended, then what is there still. A background process that keeps a pipe open is not
# waited for; a process stays behind that empties the pipe, so that writing to it does not end the background process.
sub pump {
    my ($child, @pipes) = @_;
    my $ended = '';
    my $fd = syscall($PIDFD_OPEN, $child, 0);
    my $gone = 0;
    my @open = @pipes;
    while (@open) {
        my $wanted = '';
        vec($wanted, fileno $_->[0], 1) = 1 for @open;
        vec($wanted, $fd, 1) = 1 if !$gone && $fd >= 0;
        my $ready = $wanted;
        my $count = select $ready, undef, undef, $gone ? 0 : ($fd >= 0 ? undef : 0.05);
        last if $gone && $count == 0;
        $count = 0, $ready = '' if $count < 0;
        my @left;
        for my $pipe (@open) {
            my ($from, $to) = @$pipe;
            if (vec $ready, fileno $from, 1) {
                my $length = sysread $from, my $bytes, 65536;
                next unless $length;
                my $done = 0;
                while ($done < $length) {
                    my $written = syswrite $to, $bytes, $length - $done, $done;
                    last unless defined $written;
                    $done += $written;
                }
            }
            push @left, $pipe;
        }
        @open = @left;
        $gone = 1 if !$gone && ($fd >= 0 ? vec($ready, $fd, 1) : kill(0, $child) == 0);
    }
    waitpid $child, 0;
    my $status = $?;
    if (@open && !fork) {
        close STDOUT;
        close STDERR;
        while (@open) {
            my $wanted = '';
            vec($wanted, fileno $_->[0], 1) = 1 for @open;
            select my $ready = $wanted, undef, undef, undef;
            @open = grep { !vec($ready, fileno $_->[0], 1) || sysread $_->[0], my $bytes, 65536 } @open;
        }
        exit 0;
    }
    return $status;
}

# Without control groups: orphans of a command are handed to this process while the command runs, so that the server finds
# all of them when it has to kill them.
sub reap_below {
    hide();
    call('prctl', PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    my $command = fork // die "fork: $!\n";
    return unless $command;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    close $_ for @_;
    my $ended = 0;
    $ended = waitpid -1, 0 until $ended == $command || $ended == -1;
    kill $? & 127, $$ if $? & 127;
    exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
}

sub enter {
    my ($plan) = @_;
    hide();
    join_cgroups($plan);
    my $init = one($plan, 'enter');
    my @spaces;
    for my $name (qw(cgroup uts ipc net pid mnt)) {
        open my $space, '<', "/proc/$init/ns/$name" or die "workload has ended\n";
        push @spaces, $space;
    }
    call('setns', fileno $_, 0) for @spaces;
    close $_ for @spaces;
    local $SIG{PIPE} = 'IGNORE';
    my $merged = one($plan, 'merge');
    pipe my $out, my $out_end or die "pipe: $!\n";
    my ($error, $error_end);
    if (!$merged) { pipe $error, $error_end or die "pipe: $!\n" }
    my $child = fork // die "fork: $!\n";
    if (!$child) {
        open STDOUT, '>&', $out_end or die "pipe: $!\n";
        open STDERR, '>&', $merged ? $out_end : $error_end or die "pipe: $!\n";
        reap_below($out_end, $error_end // ()) if $plan->{reap};
        eval { become_and_execute($plan) };
        print STDERR $@;
        exit 126;
    }
    close $out_end;
    close $error_end if $error_end;
    close STDIN;
    my $status = pump($child, [ $out, \*STDOUT ], $error ? [ $error, \*STDERR ] : ());
    exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
}

sub attached {
    my ($namespace, $file, @command) = @_;
    call('prctl', PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    call('unshare', NEWNS);
    mount('none', '/', 'none', MS_REC | MS_PRIVATE);
    mount($namespace, $file, 'none', MS_BIND);
    exec { $command[0] } @command;
    die "$command[0]: $!\n";
}

# The first range of numbers that the machine gives a user to give away.
sub range_of {
    my ($file, $uid) = @_;
    my $name = getpwuid $uid // '';
    open my $in, '<', $file or return;
    while (my $line = <$in>) {
        chomp $line;
        my ($who, $start, $count) = split /:/, $line;
        return ($start, $count) if defined $count && ($who eq $uid || defined $name && $who eq $name);
    }
    return;
}

sub write_map {
    my ($name, $text) = @_;
    open my $out, '>', "/proc/self/$name" or die "$name: $!\n";
    syswrite $out, $text or die "$name: $!\n";
}

# Makes a user namespace. The machine's own tools newuidmap and newgidmap, run by a process that stays outside, map the user's
# range; without them the user is root inside and there is nobody else.
sub make_user_namespace {
    my ($uid, $gid) = ($>, $) + 0);
    my @users = range_of('/etc/subuid', $uid);
    my @groups = range_of('/etc/subgid', $uid);
    my ($newuidmap) = grep { -x } qw(/usr/bin/newuidmap /bin/newuidmap);
    my ($newgidmap) = grep { -x } qw(/usr/bin/newgidmap /bin/newgidmap);
    my $mapper = 0;
    my $this = $$;
    my ($wait, $go);
    if (@users && @groups && $newuidmap && $newgidmap) {
        pipe $wait, $go or die "pipe: $!\n";
        $mapper = fork // die "fork: $!\n";
        if (!$mapper) {
            close $go;
            exit 1 unless sysread $wait, my $word, 1;
            exit 1 if system $newgidmap, $this, 0, $gid, 1, 1, @groups;
            exit(system($newuidmap, $this, 0, $uid, 1, 1, @users) ? 1 : 0);
        }
        close $wait;
    }
    call('unshare', NEWUSER);
    if ($mapper) {
        syswrite $go, '.';
        waitpid $mapper, 0;
        return if $? == 0;
        die "newuidmap or newgidmap failed\n";
    }
    write_map('setgroups', 'deny');
    write_map('uid_map', "0 $uid 1");
    write_map('gid_map', "0 $gid 1");
}

sub rootless {
    my (@command) = @_;
    if (eval { make_user_namespace(); 1 }) {
        $ENV{TERRANE_ROOTLESS} = 1;
    } else {
        chomp(my $why = $@);
        print STDERR "terrane: no user namespace, so workloads can't run here: $why"
            . " (see the sysctls user.max_user_namespaces, kernel.unprivileged_userns_clone and"
            . " kernel.apparmor_restrict_unprivileged_userns)\n";
    }
    exec { $command[0] } @command;
    die "$command[0]: $!\n";
}

use Errno;
my ($mode, @rest) = @ARGV;
if ($mode eq 'rootless') { rootless(@rest) }
elsif ($mode eq 'attached') { attached(@rest) }
elsif ($mode eq 'run') { run(read_plan($rest[0])) }
else { enter(read_plan($rest[0])) }
