# shellcheck shell=bash
# Certificates for a lab that speaks TLS: a CA of its own and what it signs, made by openssl. The live tests source this, too.

# make_ca FOLDER NAME: NAME.key and NAME.pem.
make_ca() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/$2.key" -out "$1/$2.pem" \
        -days 30 -subj "/CN=naru lab $2" -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}

# make_certificate FOLDER CA NAME SUBJECT_ALT_NAMES DAYS: NAME.key and NAME.pem, its CA's behind it. DAYS below 0: it has expired.
make_certificate() {
    local folder=$1 ca=$2 name=$3 names=$4 days=$5 dates=(-days "$5")
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$folder/$name.key" \
        -out "$folder/$name.csr" -subj "/CN=$name" 2>/dev/null
    if ((days < 0)); then
        # openssl x509 gives no dates in the past; openssl ca does, and wants a database for that.
        : >"$folder/$name.index"
        printf '[ca]\ndefault_ca=c\n[c]\nnew_certs_dir=%s\ndatabase=%s/%s.index\ndefault_md=sha256\npolicy=p\nrand_serial=yes\n[p]\ncommonName=supplied\n[x]\nsubjectAltName=%s\n' \
            "$folder" "$folder" "$name" "$names" >"$folder/$name.cnf"
        openssl ca -batch -notext -config "$folder/$name.cnf" -extensions x -startdate 20200101000000Z \
            -enddate 20200201000000Z -in "$folder/$name.csr" -cert "$folder/$ca.pem" -keyfile "$folder/$ca.key" \
            -out "$folder/$name.own" 2>/dev/null
    else
        openssl x509 -req -in "$folder/$name.csr" -CA "$folder/$ca.pem" -CAkey "$folder/$ca.key" -CAcreateserial \
            "${dates[@]}" -extfile <(echo "subjectAltName=$names") -out "$folder/$name.own" 2>/dev/null
    fi
    cat "$folder/$name.own" "$folder/$ca.pem" >"$folder/$name.pem"
}
