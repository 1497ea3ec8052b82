package providers

// staticfileStart puts the port into nginx.conf and runs nginx in the foreground.
const staticfileStart = `[[ -z "${PORT}" ]] && echo "Environment variable PORT not found. Using PORT 80" || ` +
	`sed -i "s/0.0.0.0:80/$PORT/g" /assets/nginx.conf && nginx -c /assets/nginx.conf`

// nginxConf is a format: include line, gzip, root below /app, lines of authentication, autoindex, error
// pages. Its odd blanks come from Nixpacks: equal plans have equal bytes.
const nginxConf = `daemon off;
error_log /dev/stdout info;
worker_processes  auto;
events {
    worker_connections  1024;
}

http {
    %s
    access_log /dev/stdout;
    default_type  application/octet-stream;
    sendfile       on;
    keepalive_timeout  60;
    types_hash_max_size 4096;
    server {
        listen    0.0.0.0:80;
        gzip  ` + "\t" + `  %s;
        root` + "\t" + `  /app/%s;
        location / {
            %s
            autoindex %s;
        }
%s
    }
}
`

// Parts of [nginxConf].
const (
	nginxTypes     = "include /nix/store/*-user-environment/conf/mime.types;"
	nginxOwnTypes  = "include\tmime.types;"
	nginxAuth      = "auth_basic\t\"Password Required\";\nauth_basic_user_file\t/assets/.htpasswd;"
	nginxErrorPage = "\terror_page %d %s;\n"
)
