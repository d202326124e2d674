import Crypto
import ChurnModel
func f() { _ = SHA256.self }
